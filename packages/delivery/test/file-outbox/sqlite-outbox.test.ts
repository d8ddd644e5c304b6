import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync, chmodSync } from 'node:fs';
import { join, relative } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { SqliteOutbox } from '../../src/file-outbox/sqlite-outbox.ts';
import type { FileOutboxOptions } from '../../src/file-outbox/file-outbox-options.ts';
import { LostPayloadError, type Outbox } from '../../src/outbox.ts';
import type { Payload } from '../../src/payload.ts';
import { numberedPayload } from './numbered-payload.ts';
import { adoptAll, anyPayload, openOutbox, readOrLost, temporaryDirectory } from './outbox-fixture.ts';

const MODE_BITS = 0o777;
const modeOf = (path: string): number => statSync(path).mode & MODE_BITS;

const make = (options: unknown, internals?: object) => (): SqliteOutbox =>
  new SqliteOutbox(options as FileOutboxOptions, internals);
const putIn = (path: string) => (): void => openOutbox(path).outbox.put(1, numberedPayload(1));

describe('SqliteOutbox', () => {
  test('gives back any payload as it was put', () => {
    const { outbox } = openOutbox(temporaryDirectory());
    let id = 0;
    const putAndRead = (payload: Payload): void => {
      id += 1;
      outbox.put(id, payload);
      expect(outbox.read(id)).toEqual(payload);
    };
    fc.assert(fc.property(anyPayload, putAndRead), { numRuns: 200 });
  });

  test('takes offsets and a body that are part of a larger buffer', () => {
    const { outbox } = openOutbox(temporaryDirectory());
    const body = new Uint8Array([1, 2, 3, 4, 5]).subarray(1, 3);
    const recordOffsets = new Uint32Array([1, 2, 3]).subarray(1);
    outbox.put(1, numberedPayload(1, 1, { body, recordOffsets }));
    const read = outbox.read(1);
    expect([...read.body]).toEqual([2, 3]);
    expect([...read.recordOffsets]).toEqual([2, 3]);
  });

  test('holds what a map would hold, and leaves that to the next one, in order', () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('put' as const), bytes: fc.nat(20_000) }) },
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('remove' as const), which: fc.nat() }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('read' as const), which: fc.nat() }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const directory = temporaryDirectory();
        const model = new Map<number, Payload>();
        let outbox = new SqliteOutbox({ directory });
        const seen: [unknown, unknown][] = [];
        let count = 0;
        const pick = (which: number): number => [...model.keys()][which % model.size] ?? Number.NaN;
        for (const it of steps) {
          if (it.kind === 'put') {
            count += 1;
            model.set(count, numberedPayload(count, it.bytes));
            outbox.put(count, model.get(count) as Payload);
          } else if (it.kind === 'remove') {
            const id = pick(it.which);
            model.delete(id);
            outbox.remove(id);
          } else if (it.kind === 'read') {
            const id = pick(it.which);
            seen.push([readOrLost(outbox, id), model.get(id)]);
          } else {
            outbox.close();
            outbox = new SqliteOutbox({ directory });
            const adopted = adoptAll(outbox);
            // Numbers rise from payload to payload and from file to file, so that the order is the same.
            const before = [...model.values()];
            model.clear();
            for (const { id } of adopted) model.set(id, outbox.read(id));
            seen.push([[...model.values()], before]);
          }
        }
        for (const [actual, expected] of seen) expect(actual).toEqual(expected);
        for (const id of model.keys()) outbox.remove(id);
        outbox.close();
        expect(readdirSync(directory)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test('replaces a payload that is put again under its id', () => {
    const directory = temporaryDirectory();
    const { outbox } = openOutbox(directory);
    outbox.put(1, numberedPayload(1));
    outbox.put(1, numberedPayload(2));
    expect(outbox.read(1)).toEqual(numberedPayload(2));
    outbox.close();
    expect(adoptAll(openOutbox(directory).outbox)).toHaveLength(1);
  });

  test('says of a payload of a version that it does not know that it is lost, and keeps it', () => {
    const directory = temporaryDirectory();
    const { outbox } = openOutbox(directory);
    outbox.put(1, numberedPayload(1, 10, { schemaVersion: 2 }));
    expect(() => outbox.read(1)).toThrow(LostPayloadError);
    outbox.remove(1);
    outbox.close();
    const { outbox: next } = openOutbox(directory);
    expect(adoptAll(next)).toEqual([]);
    next.close();
    expect(readdirSync(directory)).toEqual([outbox.fileName]);
  });

  test('writes ahead, and tells its bounds', () => {
    const { outbox } = openOutbox(temporaryDirectory());
    const bounds: Outbox = outbox;
    expect(bounds).toMatchObject({ writesAhead: true, maxBytes: 512 * 1024 * 1024, maxPayloads: 65_536 });
    expect(bounds.maxAgeMillis).toBe(518_400_000);
    const changed = openOutbox({ directory: '/none', maxBytes: 2 ** 20, maxAgeMillis: 1, durability: 'os' }).outbox;
    expect(changed).toMatchObject({ maxBytes: 2 ** 20, maxAgeMillis: 1 });
  });

  test('does not touch the disk before the first put', () => {
    const directory = join(temporaryDirectory(), 'outbox');
    const { outbox, problems } = openOutbox(directory);
    expect(adoptAll(outbox)).toEqual([]);
    outbox.close();
    expect(existsSync(directory)).toBe(false);
    expect(problems).toEqual([]);
  });

  test('refuses options that are wrong by their names', () => {
    expect(make(undefined)).toThrow(TypeError);
    expect(make({})).toThrow('Expected `directory` to be a string, got `undefined` (undefined).');
    expect(make({ directory: 'a\0b' })).toThrow('`directory`');
    expect(make({ directory: 'a', maxBytes: 1 })).toThrow('Expected `maxBytes` to be an integer from 1048576 and up');
    expect(make({ directory: 'a', durability: 'none' })).toThrow('`durability`');
    expect(make({ directory: 'a', maxAgeMillis: 0 })).toThrow('`maxAgeMillis`');
    expect(make({ directory: 'a', maxByte: 1 })).toThrow('`maxByte`');
    expect(make({ directory: 'a' }, { fileName: '../a.sqlite' })).toThrow('`fileName`');
  });

  test('takes a relative directory from the working directory at construction', () => {
    const directory = temporaryDirectory();
    const { outbox } = openOutbox(relative(process.cwd(), directory));
    outbox.put(1, numberedPayload(1));
    expect(readdirSync(directory)).toContain(outbox.fileName);
  });

  test('makes directories and files for its user alone, whatever the umask', () => {
    for (const umask of [0, 0o022, 0o777]) {
      const directory = temporaryDirectory();
      // A path that SQLite could take for a URL with settings.
      const nested = join(directory, 'a b', 'c?mode=ro#%41');
      const { outbox } = openOutbox(nested);
      const before = process.umask(umask);
      try {
        outbox.put(1, numberedPayload(1));
      } finally {
        process.umask(before);
      }
      expect([modeOf(join(directory, 'a b')), modeOf(nested)]).toEqual([0o700, 0o700]);
      expect(readdirSync(nested).toSorted()).toEqual([outbox.fileName, `${outbox.fileName}-wal`]);
      for (const name of readdirSync(nested)) expect(modeOf(join(nested, name))).toBe(0o600);
    }
  });

  test('refuses a directory that is a link, a file, or that others can write to', () => {
    const directory = temporaryDirectory();
    const paths = { link: join(directory, 'link'), file: join(directory, 'file'), shared: join(directory, 'shared') };
    mkdirSync(join(directory, 'target'), { mode: 0o700 });
    symlinkSync(join(directory, 'target'), paths.link);
    writeFileSync(paths.file, '');
    mkdirSync(paths.shared);
    chmodSync(paths.shared, 0o770);
    expect(putIn(paths.link)).toThrow('is a symbolic link');
    expect(putIn(paths.file)).toThrow('is no directory');
    expect(putIn(paths.shared)).toThrow('can be written to by other users');
    expect(readdirSync(join(directory, 'target'))).toEqual([]);
    const { outbox, problems } = openOutbox(paths.shared);
    expect(adoptAll(outbox)).toEqual([]);
    expect(problems).toHaveLength(1);
  });

  test('throws once it is closed, and removes its file where nothing is in it', () => {
    const directory = temporaryDirectory();
    const { outbox } = openOutbox(directory);
    outbox.put(1, numberedPayload(1));
    outbox.remove(1);
    outbox.close();
    outbox.close();
    expect(readdirSync(directory)).toEqual([]);
    expect(() => outbox.put(2, numberedPayload(2))).toThrow(expect.objectContaining({ name: 'FileOutboxError' }));
    expect(() => outbox.read(1)).toThrow(LostPayloadError);
    outbox.remove(1);
    expect(adoptAll(outbox)).toEqual([]);
  });

  test('gives space back once most of its file is free', () => {
    const directory = temporaryDirectory();
    const { outbox } = openOutbox(directory);
    for (let id = 1; id <= 400; id += 1) outbox.put(id, numberedPayload(id, 50_000));
    for (let id = 1; id <= 399; id += 1) outbox.remove(id);
    expect(outbox.read(400)).toEqual(numberedPayload(400, 50_000));
    outbox.close();
    expect(statSync(join(directory, outbox.fileName)).size).toBeLessThan(7 * 1024 * 1024);
  });
});
