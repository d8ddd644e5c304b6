import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { describe, expect, test } from 'vitest';

import { SqliteOutbox } from '../../src/file-outbox/sqlite-outbox.ts';
import { LostPayloadError } from '../../src/outbox.ts';
import type { Payload } from '../../src/payload.ts';
import { numberedPayload, numberedPayloads } from './numbered-payload.ts';
import { adoptAll, leaveBehind, openOutbox, readOrLost, setAsideFiles, temporaryDirectory } from './outbox-fixture.ts';

const COUNT = 12;
const TRIALS = 100;
const TIMEOUT_MILLIS = 60_000;
const payloads = numberedPayloads(COUNT, 3000);

/** Numbers that are the same in each run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/**
 * Takes over all that can be read of a directory, and drains it. Whatever comes back is what was put; where something is
 * missing, a file was set aside. Answers how many came back.
 */
function drain(directory: string, put: readonly Payload[]): number {
  const { outbox } = openOutbox(directory);
  const byTime = new Map(put.map((payload) => [payload.takenAtMillis, payload]));
  for (const { id } of adoptAll(outbox)) {
    const payload = readOrLost(outbox, id);
    const key = payload?.takenAtMillis ?? Number.NaN;
    expect(payload).toEqual(byTime.get(key));
    byTime.delete(key);
    outbox.remove(id);
  }
  outbox.put(1, numberedPayload(99));
  outbox.remove(1);
  outbox.close();
  return put.length - byTime.size;
}

/** Damages a copy of a file, and drains it. */
function expectSurvival(original: Uint8Array, damage: (path: string) => void): void {
  const directory = temporaryDirectory();
  const path = join(directory, new SqliteOutbox({ directory }).fileName);
  writeFileSync(path, original, { mode: 0o600 });
  damage(path);
  const count = drain(directory, payloads);
  const left = readdirSync(directory);
  // Of a newer version, as it looks, it is left where it is.
  const isKept = setAsideFiles(directory).length > 0 || existsSync(path);
  expect({ isKept: count === COUNT || isKept, left }).toEqual({ isKept: true, left });
}

function originalFile(): Uint8Array {
  return readFileSync(leaveBehind(temporaryDirectory(), payloads));
}

describe('SqliteOutbox with a file that is damaged', () => {
  test(
    'gives what was put or nothing, and keeps the file, whichever byte is another',
    { timeout: TIMEOUT_MILLIS },
    () => {
      const original = originalFile();
      const random = seeded(1);
      for (let trial = 0; trial < TRIALS; trial += 1) {
        // Every other one where pages begin, which say where everything is.
        const page = random(original.length / 4096) * 4096;
        const offset = trial % 2 === 0 ? page + random(120) : random(original.length);
        const bit = 1 << random(8);
        expectSurvival(original, (path) => {
          const bytes = readFileSync(path);
          bytes[offset] = (bytes[offset] as number) ^ bit;
          writeFileSync(path, bytes);
        });
      }
    },
  );

  test('gives what was put or nothing, and keeps the file, wherever it ends', { timeout: TIMEOUT_MILLIS }, () => {
    const original = originalFile();
    const random = seeded(2);
    for (let trial = 0; trial < TRIALS / 3; trial += 1) {
      // A file that is empty is not damaged, as far as can be seen.
      expectSurvival(original, (path) => truncateSync(path, 1 + random(original.length - 1)));
    }
  });

  test(
    'gives what was put or nothing, whichever byte of the write-ahead log is another',
    { timeout: TIMEOUT_MILLIS },
    () => {
      const source = temporaryDirectory();
      const { outbox } = openOutbox(source);
      for (const [index, payload] of payloads.entries()) outbox.put(index + 1, payload);
      // Nothing of this process may open the files while they are locked, or the lock is gone; a copy in the kernel does.
      const copy = temporaryDirectory();
      for (const suffix of ['', '-wal'])
        copyFileSync(join(source, outbox.fileName + suffix), join(copy, `file${suffix}`));
      const wal = readFileSync(join(copy, 'file-wal'));
      const random = seeded(3);
      for (let trial = 0; trial < TRIALS / 3; trial += 1) {
        const directory = temporaryDirectory();
        const path = join(directory, new SqliteOutbox({ directory }).fileName);
        copyFileSync(join(copy, 'file'), path);
        const bytes = new Uint8Array(wal);
        const offset = random(bytes.length);
        bytes[offset] = (bytes[offset] as number) ^ (1 << random(8));
        writeFileSync(`${path}-wal`, bytes);
        expect(drain(directory, payloads)).toBeLessThanOrEqual(COUNT);
      }
    },
  );

  test('sets a file aside that is no database, and goes on', () => {
    for (const content of ['no database', 'x'.repeat(100_000)]) {
      const directory = temporaryDirectory();
      const { fileName } = new SqliteOutbox({ directory });
      writeFileSync(join(directory, fileName), content, { mode: 0o600 });
      const { outbox, problems } = openOutbox(directory);
      expect(adoptAll(outbox)).toEqual([]);
      const [aside] = setAsideFiles(directory);
      expect(readFileSync(join(directory, aside as string), 'utf8')).toBe(content);
      expect(problems).toEqual([expect.stringContaining('was set aside')]);
      expect(adoptAll(outbox)).toEqual([]);
      expect(problems).toHaveLength(1);
    }
  });

  test('sets a file aside that is a database of something else', () => {
    const directory = temporaryDirectory();
    const { fileName } = new SqliteOutbox({ directory });
    const database = new DatabaseSync(join(directory, fileName));
    database.exec('CREATE TABLE payloads (id INTEGER PRIMARY KEY); INSERT INTO payloads VALUES (1)');
    database.close();
    chmodSync(join(directory, fileName), 0o600);
    const { outbox } = openOutbox(directory);
    expect(adoptAll(outbox)).toEqual([]);
    expect(setAsideFiles(directory)).toHaveLength(1);
    expect(readdirSync(directory)).toHaveLength(1);
  });

  test('sets a file aside of which only the write-ahead log is left', () => {
    const directory = temporaryDirectory();
    const file = leaveBehind(directory, payloads);
    truncateSync(file, 0);
    writeFileSync(`${file}-wal`, 'rows', { mode: 0o600 });
    const { outbox } = openOutbox(directory);
    expect(adoptAll(outbox)).toEqual([]);
    expect(readdirSync(directory).filter((name) => name.endsWith('-wal'))).toEqual([
      expect.stringMatching(/damaged-\d+-wal$/),
    ]);
  });

  test('leaves a file of a newer version alone', () => {
    const directory = temporaryDirectory();
    const file = leaveBehind(directory, payloads);
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 2');
    database.close();
    const { outbox, problems } = openOutbox(directory);
    for (let call = 0; call < 2; call += 1) expect(adoptAll(outbox)).toEqual([]);
    outbox.close();
    expect(readdirSync(directory)).toEqual([file.slice(directory.length + 1)]);
    expect(problems).toEqual([]);
  });

  test('keeps a row that is damaged, and sets its file aside instead of removing it', () => {
    const directory = temporaryDirectory();
    const file = leaveBehind(directory, numberedPayloads(3));
    const database = new DatabaseSync(file);
    database.exec("UPDATE payloads SET body = x'00' WHERE id = 2; UPDATE payloads SET tenant = 'x' WHERE id = 3");
    database.exec('UPDATE payloads SET body = zeroblob(100) WHERE id = 1');
    database.close();
    const { outbox } = openOutbox(directory);
    const adopted = adoptAll(outbox);
    // What is wrong with the fields shows at once, what is wrong with the bytes when they are read.
    expect(adopted.map(({ takenAtMillis }) => takenAtMillis)).toEqual([1]);
    expect(() => outbox.read(-1)).toThrow(LostPayloadError);
    outbox.remove(-1);
    expect(setAsideFiles(directory)).toHaveLength(1);
  });

  test('goes on in a new file, with what can be read, where its own is damaged under it', () => {
    const directory = temporaryDirectory();
    const { outbox, problems } = openOutbox({ directory });
    for (const [index, payload] of payloads.entries()) outbox.put(index + 1, payload);
    // Enough that the log is written to the file, and that its pages are not all in memory.
    for (let id = 100; id < 1000; id += 1) outbox.put(id, numberedPayload(id, 10_000));
    overwriteInChild(join(directory, outbox.fileName));
    let lost = 0;
    for (let id = 1; id < 1000; id += id === COUNT ? 100 - COUNT : 1) {
      const payload = readOrLost(outbox, id);
      expect([id, undefined]).toContain(payload?.takenAtMillis);
      if (payload === undefined) lost += 1;
    }
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThan(900);
    outbox.put(2000, numberedPayload(2000));
    expect(outbox.read(2000)).toEqual(numberedPayload(2000));
    for (let id = 1; id <= 2000; id += 1) outbox.remove(id);
    outbox.close();
    expect(problems).not.toEqual([]);
    expect(setAsideFiles(directory)).toHaveLength(1);
  });
});

/** In another process: to open the file here would take the lock from it. */
function overwriteInChild(path: string): void {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const program = `
    const { openSync, writeSync, fstatSync } = require('node:fs');
    const file = openSync(process.argv[1], 'r+');
    const size = fstatSync(file).size;
    writeSync(file, new Uint8Array(200_000).fill(0xff), 0, 200_000, Math.floor(size / 2 / 4096) * 4096);`;
  expect(spawnSync(process.execPath, ['--eval', program, path]).status).toBe(0);
}
