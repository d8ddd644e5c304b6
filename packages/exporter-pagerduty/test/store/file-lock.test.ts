import fs, { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { type FileIncidentStore, fileIncidentStore } from '../../src/store/file-incident-store.ts';
import { endedPid, startProgram } from './store-process.ts';
import { INCIDENT, stateOf } from './stored-states.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const STATE = stateOf(INCIDENT);
const HOLD = `store.load(); store.save(state); say('ready'); await told;`;
const open: FileIncidentStore[] = [];

function openStore(path: string): FileIncidentStore {
  const store = fileIncidentStore({ path });
  open.push(store);
  return store;
}
afterEach(() => {
  for (const store of open.splice(0)) store.close();
});

const newPath = (): string => join(temporaryDirectory(), 'incidents.json');
const readLock = (path: string): object => JSON.parse(readFileSync(`${path}.lock`, 'utf8')) as object;

/** The lock that this process writes, of which others differ. */
function ownLock(): object {
  const path = newPath();
  const store = openStore(path);
  store.load();
  const lock = readLock(path);
  store.close();
  return lock;
}

type Read = (path: string, ...rest: unknown[]) => unknown;
const withoutProc =
  (read: unknown): Read =>
  (path, ...rest) => {
    if (path.startsWith('/proc/')) throw new Error('ENOENT');
    return (read as Read)(path, ...rest);
  };

/** Reading of /proc fails, as where there is none. */
function hideProc(): void {
  const { readFileSync: readFile, readlinkSync: readLink } = fs;
  vi.spyOn(fs, 'readFileSync').mockImplementation(withoutProc(readFile) as never);
  vi.spyOn(fs, 'readlinkSync').mockImplementation(withoutProc(readLink) as never);
}

const withoutStart = (): object => ({ ...ownLock(), start: undefined });

describe('a file that another living process has', () => {
  it('can be neither loaded nor saved; when that process has ended, it is loaded first', async () => {
    const path = newPath();
    const other = startProgram(path, HOLD);
    expect(await other.line()).toBe('ready');
    const store = openStore(path);
    const reason = `process ${other.pid} has it (${path}.lock)`;
    for (let round = 0; round < 2; round += 1) {
      expect(() => store.load()).toThrow(`The incident store ${path} cannot be loaded: ${reason}`);
      expect(() => store.save(STATE)).toThrow(`The incident store ${path} cannot be saved: ${reason}`);
    }
    other.tell();
    await other.end();
    expect(existsSync(`${path}.lock`)).toBe(false);
    expect(() => store.save(STATE)).toThrow('what is in it has to be loaded first');
    expect(store.load()).toEqual(stateOf());
    store.save(STATE);
    expect(store.load()).toEqual(STATE);
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)('is free after that process has died of %s', async (signal) => {
    const path = newPath();
    const other = startProgram(path, HOLD);
    await other.line();
    await other.kill(signal);
    expect(existsSync(`${path}.lock`)).toBe(true);
    const store = openStore(path);
    expect(store.load()).toEqual(stateOf());
    expect(readLock(path)).toMatchObject({ pid: process.pid });
  });

  it('is free once that process has closed the store', async () => {
    const path = newPath();
    const other = startProgram(path, `store.load(); store.close(); store.close(); say('closed'); await told;`);
    expect(await other.line()).toBe('closed');
    const store = openStore(path);
    expect(store.load()).toBeUndefined();
    other.tell();
    await other.end();
    // Its end does not touch what is not its own any more.
    expect(existsSync(`${path}.lock`)).toBe(true);
    store.save(STATE);
  });

  it('is free after process.exit()', async () => {
    const path = newPath();
    const other = startProgram(path, `store.load(); say('loaded'); process.exit(1);`);
    await other.end();
    expect(existsSync(`${path}.lock`)).toBe(false);
  });
});

describe('two stores of one process with one file', () => {
  it('are one too many, until the first is closed', () => {
    const path = newPath();
    const [first, second] = [openStore(path), openStore(path)];
    first.load();
    first.save(STATE);
    expect(() => second.load()).toThrow('another store of this process has it');
    second.close();
    first.save(stateOf());
    first.close();
    expect(second.load()).toEqual(stateOf());
    expect(() => first.save(STATE)).toThrow('another store of this process has it');
    second.close();
    expect(first.load()).toEqual(stateOf());
  });
});

describe('a lock that is left', () => {
  it.each<[what: string, lock: () => unknown]>([
    ['by a process that is gone', async () => ({ ...ownLock(), pid: await endedPid() })],
    ['by a process that is gone, whose start is not known', async () => ({ ...withoutStart(), pid: await endedPid() })],
    ['by an earlier process with the id of this one', () => ({ ...ownLock(), start: '1' })],
    ['by an earlier process with the id of another one', () => ({ ...ownLock(), pid: process.ppid, start: '1' })],
    ['before the machine was started again', () => ({ ...ownLock(), place: 'another boot' })],
    ['half-written', () => ''],
    ['by something else', () => ({ pid: -1, place: '' })],
  ])('%s is taken over', async (_what, makeLock) => {
    const path = newPath();
    const lock = await makeLock();
    writeFileSync(`${path}.lock`, lock === '' ? '' : JSON.stringify(lock));
    const store = openStore(path);
    expect(store.load()).toBeUndefined();
    store.save(STATE);
    expect(readLock(path)).toMatchObject({ pid: process.pid });
  });

  it('by a living process whose start is not known is its own', () => {
    const path = newPath();
    writeFileSync(`${path}.lock`, JSON.stringify({ ...withoutStart(), pid: process.ppid }));
    expect(() => openStore(path).load()).toThrow(`process ${process.ppid} has it`);
  });

  it('as a link is not followed', () => {
    const path = newPath();
    const target = join(temporaryDirectory(), 'target');
    symlinkSync(target, `${path}.lock`);
    openStore(path).load();
    expect(existsSync(target)).toBe(false);
    expect(readLock(path)).toMatchObject({ pid: process.pid });
  });

  it('cannot be one where there is a directory', () => {
    const path = newPath();
    mkdirSync(`${path}.lock`);
    expect(() => openStore(path).load()).toThrow('cannot be loaded');
  });
});

describe('where there is no /proc', () => {
  it('a lock counts as long as somebody has its pid, on this machine', async () => {
    hideProc();
    const lock = ownLock();
    expect(lock).toMatchObject({ pid: process.pid, place: hostname() });
    expect(lock).not.toHaveProperty('start');
    const path = newPath();
    writeFileSync(`${path}.lock`, JSON.stringify({ ...lock, pid: process.ppid }));
    expect(() => openStore(path).load()).toThrow(`process ${process.ppid} has it`);
    writeFileSync(`${path}.lock`, JSON.stringify({ ...lock, pid: await endedPid() }));
    expect(openStore(path).load()).toBeUndefined();
  });
});

describe('a lock that was taken away', () => {
  it('by a process in another container stays there, and every save says so', () => {
    const path = newPath();
    const store = openStore(path);
    store.load();
    store.save(STATE);
    const other = JSON.stringify({ pid: 1, start: '1', place: 'another container' });
    writeFileSync(`${path}.lock`, other);
    for (let round = 0; round < 2; round += 1) {
      expect(() => store.save(stateOf())).toThrow('process 1 of another container or machine has taken it over');
    }
    store.close();
    expect(readFileSync(`${path}.lock`, 'utf8')).toBe(other);
  });

  it('by whoever clears up is made again', () => {
    const path = newPath();
    const store = openStore(path);
    store.load();
    rmSync(`${path}.lock`);
    store.save(STATE);
    expect(readLock(path)).toMatchObject({ pid: process.pid });
    expect(() => openStore(path).load()).toThrow('another store of this process has it');
  });
});

describe('a store that is closed', () => {
  it('listens to nothing and leaves the file only', () => {
    const path = newPath();
    const before = process.listenerCount('exit');
    const store = openStore(path);
    store.load();
    store.save(STATE);
    expect(process.listenerCount('exit')).toBe(before + 1);
    rmSync(`${path}.lock`);
    store.save(STATE);
    expect(process.listenerCount('exit')).toBe(before + 1);
    store.close();
    store.close();
    expect(process.listenerCount('exit')).toBe(before);
    expect([existsSync(path), existsSync(`${path}.lock`)]).toEqual([true, false]);
  });
});
