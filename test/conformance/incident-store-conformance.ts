import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { IncidentStore, StoredState } from '@spillway/exporter-pagerduty';
import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';

import { stormState, storedIncident } from './incident-states.ts';
import { expectNothingLeft } from './process-watch.ts';

const KILLS = 20;
const KILLS_TIMEOUT_MILLIS = 120_000;
const SAVES_BEFORE_KILL = 4;
/** Writing so much takes a good part of a save. */
const LONG_BODY_CHARACTERS = 4000;

/** Where a store keeps things, empty at first. */
interface StorePlace {
  /** A store over this place, as any process would make it. */
  readonly open: () => IncidentStore;
  /** The same as an expression of a program, in which all that the exporter's package exports is `pagerduty`. */
  readonly opening: string;
  readonly remove: () => void | Promise<void>;
}

interface IncidentStoreSubject {
  readonly create: () => StorePlace | Promise<StorePlace>;
  /** States that it cannot save. */
  readonly unsavable: readonly StoredState[];
}

/** Saves in a loop, each state with a count above the one before, and says each count once it is saved. */
function startSaving(opening: string, firstCount: number): ChildProcess {
  const program = `
    import * as pagerduty from '@spillway/exporter-pagerduty';
    import { writeSync } from 'node:fs';
    import { stormState } from './incident-states.ts';
    const store = ${opening};
    await store.load();
    for (let count = ${firstCount}; ; count += 1) {
      const saved = store.save(stormState(count, ${LONG_BODY_CHARACTERS}));
      if (saved !== undefined) await saved;
      writeSync(1, count + '\\n');
    }`;
  const command = ['--conditions=dev', '--input-type=module', '--eval', program];
  return spawn(process.execPath, command, { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Turns of the event loop until something is so. */
async function turnsUntil(isSo: () => boolean): Promise<number> {
  let turns = 0;
  for (; !isSo(); turns += 1) await nextTurn();
  return turns;
}

/**
 * Kills it within a save: after a part of the turns that the save before has taken, from 0 to 1. Answers the count that it
 * said last.
 */
async function killWithinSave(saver: ChildProcess, part: number): Promise<number> {
  const closed = once(saver, 'close');
  let said = '';
  saver.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const hasSaved = (saves: number) => (): boolean => said.split('\n').length > saves || saver.exitCode !== null;
  await turnsUntil(hasSaved(SAVES_BEFORE_KILL - 1));
  const turns = await turnsUntil(hasSaved(SAVES_BEFORE_KILL));
  for (let turn = 0; turn < part * turns; turn += 1) await nextTurn();
  saver.kill('SIGKILL');
  await closed;
  return Number(said.trimEnd().split('\n').at(-1));
}

/** Registers the tests that every incident store must pass. */
export function incidentStoreConformance(name: string, subject: IncidentStoreSubject): void {
  const places: StorePlace[] = [];
  const stores: IncidentStore[] = [];
  const createPlace = async (): Promise<StorePlace> => {
    const place = await subject.create();
    places.push(place);
    return place;
  };
  const openStore = (place: StorePlace): IncidentStore => {
    const store = place.open();
    stores.push(store);
    return store;
  };
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close?.();
    for (const { remove } of places.splice(0)) await remove();
  });

  describe(`${name} conforms: an incident store`, () => {
    test('has nothing at first, and a place of its own', async () => {
      const [one, other] = [openStore(await createPlace()), openStore(await createPlace())];
      expect(await one.load()).toBeUndefined();
      expect(await other.load()).toBeUndefined();
      await one.save(stormState(1));
      expect(await other.load()).toBeUndefined();
    });

    test('has what was saved last, as a whole, for itself and for the next one', async () => {
      const place = await createPlace();
      const store = openStore(place);
      await store.load();
      const empty = { ...stormState(0), incidents: [] };
      for (const state of [stormState(1), stormState(2), empty, stormState(3)]) {
        await store.save(state);
        expect(await store.load()).toEqual(state);
      }
      await store.close?.();
      const next = openStore(place);
      expect(await next.load()).toEqual(stormState(3));
      await next.save(empty);
      await next.close?.();
      expect(await openStore(place).load()).toEqual(empty);
    });

    test('keeps any text and any value of a record as it is', async () => {
      const place = await createPlace();
      const store = openStore(place);
      await store.load();
      // JSON has no negative zero, though the values that can be written as JSON have.
      const anyValue = fc.jsonValue().map((json) => JSON.parse(JSON.stringify(json)) as unknown);
      const contents = fc.record({ summary: fc.string({ unit: 'binary' }), value: anyValue, key: fc.string() });
      const saveAndLoad = async (all: { summary: string; value: unknown; key: string }[]): Promise<void> => {
        const incidents = all.map(({ summary, value, key }, index) => {
          const attributes = { [key]: value as never };
          const sample = { timeMillis: 1, severityNumber: 17, body: value as never, attributes };
          return { ...storedIncident(index, 1), summary, samples: [sample] };
        });
        const state = { ...stormState(0), incidents };
        await store.save(state);
        expect(await store.load()).toEqual(state);
      };
      await fc.assert(fc.asyncProperty(fc.array(contents, { maxLength: 3 }), saveAndLoad), { numRuns: 30 });
    });

    test('does not look at a state again once it is saved', async () => {
      const store = openStore(await createPlace());
      await store.load();
      const incidents = [storedIncident(0, 1)];
      await store.save({ ...stormState(0), incidents });
      incidents.push(storedIncident(1, 1));
      expect(await store.load()).toEqual({ ...stormState(0), incidents: incidents.slice(0, 1) });
    });

    test('has the state before where a save fails, and the one after where that succeeds', async () => {
      const place = await createPlace();
      const store = openStore(place);
      await store.load();
      await store.save(stormState(1));
      for (const state of subject.unsavable) {
        await expect(async () => store.save(state)).rejects.toThrow(Error);
        expect(await store.load()).toEqual(stormState(1));
      }
      await store.save(stormState(2));
      await store.close?.();
      expect(await openStore(place).load()).toEqual(stormState(2));
    });

    test(
      `has a whole state, and none older than was saved, each of ${KILLS} times that its process is killed while it saves`,
      async () => {
        const place = await createPlace();
        let count = 0;
        for (let kill = 0; kill < KILLS; kill += 1) {
          const said = await killWithinSave(startSaving(place.opening, count + 1), kill / KILLS);
          const store = openStore(place);
          const state = await store.load();
          count = state?.incidents[0]?.count ?? Number.NaN;
          expect([said, said + 1]).toContain(count);
          expect(state).toEqual(stormState(count, LONG_BODY_CHARACTERS));
          await store.close?.();
        }
      },
      KILLS_TIMEOUT_MILLIS,
    );

    test('leaves nothing behind once it is closed', async () => {
      const place = await createPlace();
      await expectNothingLeft(async () => {
        const store = place.open();
        await store.load();
        await store.save(stormState(1));
        await store.close?.();
        await store.close?.();
      });
    });
  });
}
