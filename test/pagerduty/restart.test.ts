import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { PagerDutyStandIn } from './pager-duty-stand-in.ts';

const SCRIPT = fileURLToPath(new URL('restart-script.ts', import.meta.url));
const TIMEOUT_MILLIS = 20_000;

let pagerDuty: PagerDutyStandIn;
let folder: string;

beforeEach(async () => {
  pagerDuty = new PagerDutyStandIn();
  await pagerDuty.start();
  folder = await mkdtemp(join(tmpdir(), 'spillway-pagerduty-'));
});

afterEach(async () => {
  await pagerDuty.close();
  await rm(folder, { recursive: true });
});

/** Runs the application until it has ended, however it does. */
async function run(ending: string): Promise<void> {
  const path = join(folder, 'incidents.json');
  await new Promise<void>((resolve) => {
    const argv = ['--conditions=dev', SCRIPT, ending, pagerDuty.url, path];
    execFile(process.execPath, argv, { timeout: TIMEOUT_MILLIS }, () => resolve());
  });
}

function actions(): string[] {
  return pagerDuty.calls().map(({ event }) => String(event?.['event_action']));
}

function keys(): number {
  return new Set(pagerDuty.calls().map(({ event }) => event?.['dedup_key'])).size;
}

describe('an incident of a process that was killed', () => {
  it(
    'goes on under its key after a restart, and is resolved once',
    async () => {
      await run('kill');
      expect(actions()).toEqual(['trigger']);
      await run('wait');
      expect(actions()).toEqual(['trigger', 'resolve']);
      expect([keys(), pagerDuty.pages()]).toEqual([1, 1]);
      expect(pagerDuty.incidents()[0]?.resolvedAtMillis).toBeGreaterThan(0);
      await run('wait');
      expect(actions()).toHaveLength(2);
    },
    TIMEOUT_MILLIS,
  );

  it(
    'is paged after a restart where its page had not left',
    async () => {
      await run('kill at once');
      expect(actions()).toEqual([]);
      await run('wait');
      expect(actions()).toEqual(['trigger', 'resolve']);
    },
    TIMEOUT_MILLIS,
  );

  it(
    'is paged late, once, where PagerDuty was down until after the restart',
    async () => {
      await pagerDuty.refuseConnections();
      await run('end');
      await pagerDuty.acceptConnections();
      await run('wait');
      expect(pagerDuty.pages()).toBe(1);
      expect(actions()).toEqual(['trigger', 'resolve']);
    },
    TIMEOUT_MILLIS,
  );

  it(
    'is the same one for records after the restart',
    async () => {
      await run('kill');
      await run('kill');
      await run('wait');
      expect([keys(), pagerDuty.pages()]).toEqual([1, 1]);
      expect(actions().filter((action) => action === 'resolve')).toHaveLength(1);
    },
    TIMEOUT_MILLIS,
  );
});
