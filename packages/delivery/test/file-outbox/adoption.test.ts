import { linkSync, mkdirSync, readdirSync, renameSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test, vi } from 'vitest';

import { SqliteOutbox } from '../../src/file-outbox/sqlite-outbox.ts';
import { payloadBytes } from '../../src/outbox.ts';
import { numberedPayload, numberedPayloads } from './numbered-payload.ts';
import { adoptAll, leaveBehind, openOutbox, temporaryDirectory } from './outbox-fixture.ts';

test('takes over a file as a whole, drains it in place, and removes it with its last payload', () => {
  const directory = temporaryDirectory();
  const payloads = numberedPayloads(3);
  leaveBehind(directory, payloads);
  const { outbox } = openOutbox(directory);
  const adopted = adoptAll(outbox);
  expect(adopted.map(({ id, isOwn }) => [id, isOwn])).toEqual([1, 2, 3].map((number) => [-number, false]));
  for (const [index, { id, isOwn: _, wireBytes, bytes, ...fields }] of adopted.entries()) {
    const payload = payloads[index] as (typeof payloads)[0];
    expect(payload).toMatchObject(fields);
    expect([wireBytes, bytes]).toEqual([payload.body.byteLength, payloadBytes(payload)]);
    expect(outbox.read(id)).toEqual(payload);
  }
  expect(adoptAll(outbox)).toEqual([]);
  for (const { id } of adopted) {
    expect(readdirSync(directory)).not.toEqual([]);
    outbox.remove(id);
  }
  expect(readdirSync(directory)).toEqual([]);
});

test('leaves files whose outboxes are open alone, in this process too', () => {
  const directory = temporaryDirectory();
  const [one, other] = [openOutbox(directory), openOutbox(directory)];
  one.outbox.put(1, numberedPayload(1));
  other.outbox.put(1, numberedPayload(2));
  for (let call = 0; call < 3; call += 1) {
    expect(adoptAll(one.outbox)).toEqual([]);
    expect(adoptAll(other.outbox)).toEqual([]);
  }
  expect(one.outbox.read(1)).toEqual(numberedPayload(1));
  expect(other.outbox.read(1)).toEqual(numberedPayload(2));
  one.outbox.close();
  expect(adoptAll(other.outbox)).toHaveLength(1);
  expect([one.problems, other.problems]).toEqual([[], []]);
});

test('takes the file with the oldest payload first, and none that there is no room for', () => {
  const directory = temporaryDirectory();
  for (const number of [30, 10, 20]) leaveBehind(directory, [numberedPayload(number), numberedPayload(number + 1)]);
  const bytes = payloadBytes(numberedPayload(1));
  const { outbox } = openOutbox(directory);
  const taken = (request: object): number[] => adoptAll(outbox, request).map(({ takenAtMillis }) => takenAtMillis);
  expect(taken({ maxBytes: 2 * bytes - 1, isEmpty: false })).toEqual([]);
  expect(taken({ maxPayloads: 1, isEmpty: false })).toEqual([]);
  expect(taken({ maxBytes: 0, maxPayloads: 0, isEmpty: true })).toEqual([10, 11]);
  expect(taken({ maxBytes: 3 * bytes, isEmpty: false })).toEqual([20, 21]);
  expect(taken({ maxPayloads: 2, isEmpty: false })).toEqual([30, 31]);
});

test('does not let smaller files overtake an older one that waits for room', () => {
  const directory = temporaryDirectory();
  leaveBehind(directory, [numberedPayload(1, 10_000)]);
  leaveBehind(directory, [numberedPayload(2, 10)]);
  const { outbox } = openOutbox(directory);
  expect(adoptAll(outbox, { maxBytes: 5000, isEmpty: false })).toEqual([]);
  expect(adoptAll(outbox, { maxBytes: 20_000, isEmpty: false })).toHaveLength(2);
});

test('leaves payloads of backends that are not accepted in their files', () => {
  const directory = temporaryDirectory();
  leaveBehind(directory, [numberedPayload(1), numberedPayload(2, 10, { backendId: 'other' })]);
  const file = leaveBehind(directory, [numberedPayload(3, 10, { backendId: 'other' })]);
  const { outbox } = openOutbox(directory);
  const adopted = adoptAll(outbox, { accepts: (backendId) => backendId === 'lines' });
  expect(adopted.map(({ takenAtMillis }) => takenAtMillis)).toEqual([1]);
  outbox.remove(adopted[0]?.id as number);
  expect(readdirSync(directory)).toHaveLength(2);
  expect(readdirSync(directory)).toContain(file.slice(directory.length + 1));
  const later = adoptAll(outbox, { accepts: (backendId) => backendId === 'other' });
  expect(later.map(({ takenAtMillis }) => takenAtMillis)).toEqual([2, 3]);
});

test('stands in for an outbox whose file name it is given, whatever room there is', () => {
  const directory = temporaryDirectory();
  const { outbox: first } = openOutbox(directory);
  first.put(1, numberedPayload(1));
  first.put(2, numberedPayload(2, 10, { backendId: 'other' }));
  first.close();
  leaveBehind(directory, [numberedPayload(3)]);
  const { outbox } = openOutbox(directory, { fileName: first.fileName });
  outbox.put(1, numberedPayload(4));
  const request = { maxBytes: 0, maxPayloads: 0, isEmpty: false, accepts: (id: string): boolean => id === 'lines' };
  expect(adoptAll(outbox, request)).toMatchObject([{ takenAtMillis: 1, isOwn: true }]);
  expect(adoptAll(outbox)).toMatchObject([{ takenAtMillis: 3, isOwn: false }]);
  expect(outbox.read(1)).toEqual(numberedPayload(4));
  expect(outbox.read(-1)).toEqual(numberedPayload(1));
});

test('tries eight files at a time, and comes to each of them', () => {
  const directory = temporaryDirectory();
  const living = Array.from({ length: 20 }, () => openOutbox(directory).outbox);
  for (const outbox of living) outbox.put(1, numberedPayload(1));
  const youngest = leaveBehind(directory, [numberedPayload(2)]);
  utimesSync(youngest, 4e9, 4e9);
  const { outbox } = openOutbox(directory);
  expect(adoptAll(outbox)).toEqual([]);
  expect(adoptAll(outbox)).toEqual([]);
  expect(adoptAll(outbox)).toHaveLength(1);
});

test('removes files that are empty, those that are no databases yet too', () => {
  const directory = temporaryDirectory();
  const { fileName } = new SqliteOutbox({ directory });
  writeFileSync(join(directory, fileName), '', { mode: 0o600 });
  const { outbox, problems } = openOutbox(directory);
  expect(adoptAll(outbox)).toEqual([]);
  expect(readdirSync(directory)).toEqual([]);
  expect(problems).toEqual([]);
});

test('follows no links, and looks at no other files', () => {
  const directory = temporaryDirectory();
  const elsewhere = temporaryDirectory();
  const file = leaveBehind(elsewhere, [numberedPayload(1)]);
  const { fileName } = new SqliteOutbox({ directory });
  symlinkSync(file, join(directory, fileName));
  mkdirSync(join(directory, new SqliteOutbox({ directory }).fileName));
  for (const name of ['outbox-1.sqlite', `${fileName}.damaged-1`, `x${fileName}`])
    linkSync(file, join(directory, name));
  const before = readdirSync(directory);
  const { outbox, problems } = openOutbox(directory);
  expect(adoptAll(outbox)).toEqual([]);
  expect(readdirSync(directory)).toEqual(before);
  expect(problems).toEqual([]);
});

test('does not open a file again that nobody has touched, until there is room', () => {
  const directory = temporaryDirectory();
  const file = leaveBehind(directory, [numberedPayload(1, 5000)]);
  const { outbox } = openOutbox(directory);
  const request = { maxBytes: 10, isEmpty: false };
  expect(adoptAll(outbox, request)).toEqual([]);
  const execute = vi.spyOn(process.getBuiltinModule('node:sqlite').DatabaseSync.prototype, 'exec');
  for (let call = 0; call < 5; call += 1) expect(adoptAll(outbox, request)).toEqual([]);
  expect(execute).not.toHaveBeenCalled();
  renameSync(file, `${file}.away`);
  expect(adoptAll(outbox, request)).toEqual([]);
  renameSync(`${file}.away`, file);
  expect(adoptAll(outbox, { maxBytes: 10_000, isEmpty: false })).toHaveLength(1);
});
