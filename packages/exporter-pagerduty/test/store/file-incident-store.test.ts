import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';

import {
  type FileIncidentStore,
  fileIncidentStore,
  type FileIncidentStoreOptions,
} from '../../src/store/file-incident-store.ts';
import { IncidentStoreError } from '../../src/store/incident-store-error.ts';
import type { StoredState } from '../../src/store/incident-store.ts';
import { INCIDENT, SAMPLE, stateOf } from './stored-states.ts';
import { endedPid, startProgram } from './store-process.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const STATE = stateOf(INCIDENT);
const open: FileIncidentStore[] = [];

function openStore(options: FileIncidentStoreOptions): FileIncidentStore {
  const store = fileIncidentStore(options);
  open.push(store);
  return store;
}
afterEach(() => {
  for (const store of open.splice(0)) store.close();
});

const newPath = (): string => join(temporaryDirectory(), 'incidents.json');
/** Names of the files in the directory of a path, without the lock. */
const filesBeside = (path: string): string[] => readdirSync(dirname(path)).filter((name) => !name.endsWith('.lock'));

/** What the file holds is set aside, and told of. */
function expectDamaged(path: string, reason: string): void {
  const store = openStore({ path });
  expect(() => store.load()).toThrow(`The incident store ${path} cannot be loaded: ${reason}`);
  expect(store.load()).toBeUndefined();
  store.save(STATE);
  expect(store.load()).toEqual(STATE);
}

describe('the options of a file store', () => {
  it.each<[options: unknown, message: string]>([
    [undefined, 'Expected `options` to be an object'],
    [{}, 'Expected `path` to be a string'],
    [{ path: '' }, 'Expected `path` to be a string that is not empty'],
    [{ path: new URL('file:///tmp/x') }, 'Expected `path` to be a string'],
    [{ path: 'a\0b' }, 'Expected `path` to be a path without NUL characters'],
    [{ path: 'x', durability: 'disk' }, 'Expected `durability` to be one of "process", "os"'],
    [{ path: 'x', fsync: true }, 'Expected `fsync` to be left out: it is none of `path`, `durability`'],
  ])('%o throw', (options, message) => {
    expect(() => fileIncidentStore(options as FileIncidentStoreOptions)).toThrow(message);
  });

  it('touch no file before the first load', () => {
    const path = newPath();
    openStore({ path });
    expect(readdirSync(dirname(path))).toEqual([]);
  });
});

describe.each(['process', 'os'] as const)('a file store with durability %s', (durability) => {
  it('has nothing at first, and then what was saved last', () => {
    const path = newPath();
    const store = openStore({ path, durability });
    expect(store.load()).toBeUndefined();
    for (const count of [1, 2, 3]) store.save(stateOf({ ...INCIDENT, count }));
    expect(store.load()).toEqual(stateOf({ ...INCIDENT, count: 3 }));
    expect(filesBeside(path)).toEqual([basename(path)]);
  });

  it('leaves the state before and nothing else where a save fails', () => {
    const path = newPath();
    const store = openStore({ path, durability });
    store.load();
    store.save(STATE);
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    const states = [
      stateOf({ ...INCIDENT, samples: [{ ...SAMPLE, body: cyclic as never }] }),
      stateOf({ ...INCIDENT, summary: 'x'.repeat(8 * 1024 * 1024) }),
      undefined as unknown as StoredState,
    ];
    for (const state of states) expect(() => store.save(state)).toThrow(IncidentStoreError);
    expect(store.load()).toEqual(STATE);
    expect(filesBeside(path)).toEqual([basename(path)]);
  });
});

describe('the file of a store', () => {
  it('is for its owner only, and so are the directories that are made for it', () => {
    const path = join(temporaryDirectory(), 'a/b/incidents.json');
    const store = openStore({ path });
    store.load();
    store.save(STATE);
    const modes = [path, `${path}.lock`, dirname(path), dirname(dirname(path))].map(
      (name) => statSync(name).mode & 0o777,
    );
    expect(modes).toEqual([0o600, 0o600, 0o700, 0o700]);
  });

  it('keeps bytes of a record as base64', () => {
    const store = openStore({ path: newPath() });
    store.load();
    store.save(stateOf({ ...INCIDENT, samples: [{ ...SAMPLE, body: [new Uint8Array([1, 2, 255])] }] }));
    expect(store.load()).toEqual(stateOf({ ...INCIDENT, samples: [{ ...SAMPLE, body: ['AQL/'] }] }));
  });

  it('is replaced, so that other names of it keep what they had', () => {
    const path = newPath();
    const store = openStore({ path });
    store.load();
    store.save(STATE);
    linkSync(path, `${path}.backup`);
    store.save(stateOf());
    expect(JSON.parse(readFileSync(`${path}.backup`, 'utf8'))).toEqual(STATE);
  });

  it('is not looked for where a symbolic link points', () => {
    const path = newPath();
    const target = join(temporaryDirectory(), 'target.json');
    writeFileSync(target, JSON.stringify(STATE));
    symlinkSync(target, path);
    expectDamaged(path, 'it is a symbolic link, and none is followed');
    expect(lstatSync(path).isFile()).toBe(true);
    const store = openStore({ path: target });
    expect(store.load()).toEqual(STATE);
  });

  it('does not follow a link in place of the file to be written', () => {
    const path = newPath();
    const target = join(temporaryDirectory(), 'target');
    const store = openStore({ path });
    store.load();
    symlinkSync(target, `${path}.${process.pid}-1.tmp`);
    expect(() => store.save(STATE)).toThrow(IncidentStoreError);
    expect(existsSync(target)).toBe(false);
    store.save(STATE);
    expect(store.load()).toEqual(STATE);
  });

  it('is found from the working directory that was there at construction', () => {
    const path = newPath();
    const cwd = vi.spyOn(process, 'cwd').mockReturnValue(dirname(path));
    const store = openStore({ path: 'incidents.json' });
    cwd.mockReturnValue('/');
    store.load();
    store.save(STATE);
    expect(existsSync(path)).toBe(true);
  });
});

describe('a damaged file', () => {
  it.each<[what: string, text: string, reason: string]>([
    ['empty', '', 'it is not JSON; it was set aside as'],
    ['half a state', JSON.stringify(STATE).slice(0, 200), 'it is not JSON; it was set aside as'],
    ['null', 'null', 'it holds nothing; it was set aside as'],
    [
      'of another version',
      JSON.stringify({ ...STATE, schema: 2 }),
      'it is no state of incidents: its schema is not 1;',
    ],
    ['something else', '{"name":"x"}', 'it is no state of incidents: its schema is not 1;'],
    [
      'without incidents',
      JSON.stringify({ ...STATE, incidents: 7 }),
      'it is no state of incidents: Expected `state.inc',
    ],
    ['too large', ' '.repeat(8 * 1024 * 1024) + JSON.stringify(STATE), 'it is larger than 8388608 bytes; it was'],
  ])('that is %s is set aside, and the store goes on', (_what, text, reason) => {
    const path = newPath();
    writeFileSync(path, text);
    expectDamaged(path, reason);
    const aside = filesBeside(path).find((name) => name !== basename(path));
    expect(aside).toMatch(/^incidents\.json\.damaged-\d{13}$/);
    expect(readFileSync(join(dirname(path), String(aside)), 'utf8')).toBe(text);
  });

  it('is not quoted', () => {
    const path = newPath();
    writeFileSync(path, '{"body":"a secret of a record');
    const store = openStore({ path });
    let error: unknown;
    try {
      store.load();
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({ name: 'IncidentStoreError', cause: expect.any(Error) });
    expect(JSON.stringify([String(error), String((error as Error).cause)])).not.toContain('secret');
  });

  it('is kept with the four before it', () => {
    const path = newPath();
    const others = ['incidents.json.damaged-', 'incidents.json.damaged-1x', 'incidents.json2.damaged-1'];
    for (const name of others) writeFileSync(join(dirname(path), name), '');
    const store = openStore({ path });
    for (let round = 0; round < 8; round += 1) {
      writeFileSync(path, `damage ${round}`);
      expect(() => store.load()).toThrow(IncidentStoreError);
    }
    const kept = filesBeside(path).filter((name) => !others.includes(name));
    expect(kept.map((name) => readFileSync(join(dirname(path), name), 'utf8'))).toEqual(
      [3, 4, 5, 6, 7].map((round) => `damage ${round}`),
    );
    expect(filesBeside(path)).toEqual(expect.arrayContaining(others));
  });

  it('is not one with incidents that are not valid: they come as they are, to be checked like those of any store', () => {
    const path = newPath();
    const state = stateOf({ ...INCIDENT, severity: 'fatal' as never }, INCIDENT);
    writeFileSync(path, JSON.stringify(state));
    expect(openStore({ path }).load()).toEqual(state);
  });
});

describe('files that killed processes have left half-written', () => {
  it('are removed at the next load, and nobody else’s', async () => {
    const path = newPath();
    const gone = await endedPid();
    const left = [
      `incidents.json.${gone}-1.tmp`,
      `incidents.json.${gone}-20.tmp`,
      `incidents.json.${process.pid}-1.tmp`,
    ];
    const others = [
      `incidents.json.${process.ppid}-1.tmp`,
      `incidents.json.${gone}.tmp`,
      `incidents.json.${gone}-1.tmp.old`,
      `incidents.json.x${gone}-1.tmp`,
      `other.json.${gone}-1.tmp`,
    ];
    for (const name of [...left, ...others]) writeFileSync(join(dirname(path), name), '{"schema":1');
    const store = openStore({ path });
    expect(store.load()).toBeUndefined();
    expect(filesBeside(path).toSorted()).toEqual(others.toSorted());
    store.save(STATE);
    expect(store.load()).toEqual(STATE);
  });
});

describe('a place where nothing can be written', () => {
  it.each<[what: string, makePath: () => string, code: string]>([
    [
      'below a file',
      () => {
        const file = newPath();
        writeFileSync(file, '');
        return join(file, 'incidents.json');
      },
      'EEXIST',
    ],
    ['with a name that is too long', () => join(temporaryDirectory(), 'x'.repeat(252)), 'ENAMETOOLONG'],
    ['in a directory of the kernel', () => '/proc/incidents.json', 'ENOENT'],
  ])('%s throws an error that says why', (_what, makePath, code) => {
    const path = makePath();
    const store = openStore({ path });
    for (const use of [() => store.load(), () => store.save(STATE), () => store.load()]) {
      expect(use).toThrow(
        expect.objectContaining({ name: 'IncidentStoreError', cause: expect.objectContaining({ code }) }),
      );
    }
    expect(() => store.save(STATE)).toThrow(`The incident store ${path} cannot be saved: ${code}: `);
  });

  it.each<[what: string, make: (path: string) => void]>([
    ['a directory', (path) => mkdirSync(path)],
    ['a named pipe', (path) => execFileSync('sh', ['-c', 'mkfifo "$0"', path])],
  ])('%s at the path is left alone', (_what, make) => {
    const path = newPath();
    make(path);
    const store = openStore({ path });
    expect(() => store.load()).toThrow(IncidentStoreError);
    expect(() => store.save(STATE)).toThrow(IncidentStoreError);
    expect(filesBeside(path)).toEqual([basename(path)]);
  });

  it('can be one where a directory has come in place of the file', () => {
    const path = newPath();
    const store = openStore({ path });
    store.load();
    mkdirSync(path);
    expect(() => store.save(STATE)).toThrow(/EISDIR/);
    expect(filesBeside(path)).toEqual([basename(path)]);
    rmSync(path, { recursive: true });
    store.save(STATE);
    expect(store.load()).toEqual(STATE);
  });

  it('is not one of a state that is too large: it is saved without samples', () => {
    const store = openStore({ path: newPath() });
    const samples = Array.from({ length: 5 }, () => ({ ...SAMPLE, body: 'é'.repeat(8000) }));
    const incidents = Array.from({ length: 200 }, (_, index) => ({ ...INCIDENT, keyText: `${index}`, samples }));
    store.load();
    store.save(stateOf(...incidents.slice(0, 50)));
    expect(store.load()).toEqual(stateOf(...incidents.slice(0, 50)));
    store.save(stateOf(...incidents));
    expect(store.load()).toEqual(stateOf(...incidents.map((incident) => ({ ...incident, samples: [] }))));
  });

  it('is not one whose directory was deleted: it is made again', () => {
    const path = join(temporaryDirectory(), 'state/incidents.json');
    const store = openStore({ path });
    store.load();
    store.save(STATE);
    rmSync(dirname(path), { recursive: true });
    store.save(STATE);
    expect(store.load()).toEqual(STATE);
  });

  it('is one whose directory was deleted and cannot be made again', () => {
    const path = join(temporaryDirectory(), 'state/incidents.json');
    const store = openStore({ path });
    store.load();
    rmSync(dirname(path), { recursive: true });
    writeFileSync(dirname(path), '');
    expect(() => store.save(STATE)).toThrow(IncidentStoreError);
  });

  it('is a full disk: what was begun is removed, and the state before is there', async () => {
    const path = newPath();
    // A limit of 8 KiB for any file stands for the end of the disk.
    const program = `
      store.load();
      store.save(state);
      try {
        store.save({ ...state, instanceId: 'x'.repeat(100_000) });
      } catch (error) {
        say(error.name + ' ' + error.cause.code);
      }`;
    const full = startProgram(path, program, ['sh', '-c', 'trap "" XFSZ; ulimit -f 8; exec "$0" "$@"']);
    expect(await full.line()).toBe('IncidentStoreError EFBIG');
    await full.end();
    expect(filesBeside(path)).toEqual([basename(path)]);
    expect(openStore({ path }).load()).toEqual(stateOf());
  });
});
