import { afterEach, beforeEach, expect, test } from 'vitest';

import { LokiStandIn } from './index.ts';
import { push } from './push-client.ts';

const NOW_MILLIS = Date.parse('2026-11-21T12:00:00Z');
const SECONDS = NOW_MILLIS / 1000;

let standIn: LokiStandIn;

beforeEach(async () => {
  standIn = new LokiStandIn({ now: () => NOW_MILLIS });
  await standIn.start();
});

afterEach(async () => {
  await standIn.close();
});

const varint = (value: number): Buffer => {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return Buffer.of(...bytes, rest);
};
const field = (number: number, ...parts: readonly (Buffer | string)[]): Buffer => {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
};
const time = field(1, Buffer.concat([varint(8), varint(SECONDS), varint(16), varint(5)]));
const request = (labels: string, ...entry: readonly Buffer[]): Buffer => field(1, field(1, labels), field(2, ...entry));
const literal = (data: Buffer): Buffer =>
  Buffer.concat([varint(data.length), Buffer.of(60 << 2, data.length - 1), data]);

const answerTo = async (body: Buffer): Promise<string> => {
  const { status, text } = await push(standIn, body, { 'content-type': 'application/x-protobuf' });
  return `${status} ${text}`.trim();
};

test('a protobuf push in snappy is stored like one in JSON', async () => {
  const body = request('{app="x"}', time, field(2, 'héllo'), field(3, field(1, 'a.b'), field(2, '1')));
  expect(await answerTo(literal(body))).toBe('204');
  expect(standIn.entries()).toEqual([
    {
      labels: { app: 'x', service_name: 'x' },
      timeNanos: BigInt(SECONDS) * 1_000_000_000n + 5n,
      line: 'héllo',
      metadata: { a_b: '1', detected_level: 'unknown' },
    },
  ]);
});

test('copies in snappy may overlap what they write', async () => {
  const body = request('{app="x"}', time, field(2, 'abcabcabcabc'));
  const start = body.indexOf('abcabc') + 3;
  const copy = Buffer.of(((9 - 4) << 2) | 1, 3);
  const head = Buffer.concat([varint(body.length), Buffer.of(60 << 2, start - 1), body.subarray(0, start)]);
  expect(await answerTo(Buffer.concat([head, copy]))).toBe('204');
  expect(standIn.entries()[0]?.line).toBe('abcabcabcabc');
});

test('an invalid byte of a line becomes one U+FFFD, its neighbours stay', async () => {
  await answerTo(literal(request('{app="x"}', time, field(2, Buffer.of(0x61, 0xf0, 0x9f, 0x62)))));
  expect(standIn.entries()[0]?.line).toBe('a\ufffd\ufffdb');
});

test.each([
  ['{app="x"', '1:9: parse error: unexpected end of input inside braces'],
  ['app="x"', '1:4: parse error: unexpected "="'],
  ['{app="x"} y', '1:11: parse error: unexpected identifier "y"'],
  ['{app=~"x"}', '1:5: parse error: unexpected <op:=~> in label set, expected "="'],
  ['{app="x" b="c"}', '1:10: parse error: unexpected identifier "b" in label set, expected "," or "}"'],
  ['{app="\\q"}', "1:6: parse error: unknown escape sequence U+0071 'q'"],
])('the labels %s are refused', async (labels, error) => {
  expect(await answerTo(literal(request(labels, time)))).toBe(`400 couldn't parse labels: ${error}`);
});

test('a name in front of the braces is the label __name__', async () => {
  await answerTo(literal(request('metric{app="x"}', time)));
  expect(standIn.entries()[0]?.labels).toEqual({ __name__: 'metric', app: 'x', service_name: 'x' });
});

test('a repeated label costs the stream', async () => {
  expect(await answerTo(literal(request('{a="1",a="2"}', time)))).toMatch(
    /^400 stream .* has duplicate label name: 'a'$/,
  );
});

test.each([
  ['JSON', Buffer.from('{"streams":[]}'), '400 snappy: corrupt input'],
  ['protobuf without snappy', request('{app="x"}', time), '400 snappy: corrupt input'],
  ['nothing', Buffer.alloc(0), '400 snappy: corrupt input'],
  ['an empty request', Buffer.of(0), '422 error at least one valid stream is required for ingestion'],
  ['a request that is cut off', literal(request('{app="x"}', time).subarray(0, 12)), '400 unexpected EOF'],
  ['a number for the streams', literal(Buffer.of(8, 1)), '400 proto: wrong wireType = 0 for field Streams'],
  ['the end of no group', literal(Buffer.of(9 * 8 + 4)), '400 proto: PushRequest: wiretype end group for non-group'],
])('the answer to %s', async (_, body, expected) => {
  expect(await answerTo(body)).toBe(expected);
});
