import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { LokiStandIn } from './index.ts';
import { push, pushBody } from './push-client.ts';

const NOW_MILLIS = Date.parse('2026-11-21T12:00:00Z');
const T0 = BigInt(NOW_MILLIS) * 1_000_000n;

let standIn: LokiStandIn;

beforeEach(async () => {
  standIn = new LokiStandIn({ now: () => NOW_MILLIS });
  await standIn.start();
});

afterEach(async () => {
  await standIn.close();
});

const JSON_TYPE = { 'content-type': 'application/json' };
const answerTo = async (body: string): Promise<string> => {
  const { status, text } = await push(standIn, body);
  return `${status} ${text}`.trim();
};
const nested = (depth: number): string => `{"x":${'['.repeat(depth)}${']'.repeat(depth)},"streams":[]}`;
const one = (inner: string): string => `{"streams":[{"stream":{"app":"x"},"values":[${inner}]}]}`;

describe('JSON', () => {
  // Recorded from a Loki built from the source that the stand-in follows.
  test.each([
    ['text behind the request is not read', `${one(`["${T0}","x"]`)} garbage`, '204'],
    ['names of the request have no case', one(`["${T0}","x"]`).replace('streams', 'STREAMS'), '204'],
    ['an entry may be without a line', one(`["${T0}"]`), '204'],
    ['an entry may have more than metadata', one(`["${T0}","x",{},5]`), '204'],
    ['null among the entries is passed over', one(`null,["${T0}","x"]`), '204'],
    ['a newline behind an escape is accepted', one(`["${T0}","a\\tb\nc"]`), '204'],
    ['values may be null', '{"streams":[{"stream":{},"values":null}]}', '204'],
    ['the request may be null', 'null', '422 error at least one valid stream is required for ingestion'],
  ])('%s', async (_, body, expected) => {
    expect(await answerTo(body)).toBe(expected);
  });

  test.each([
    [
      'an entry without a time is of the year 1',
      one('[]'),
      '400 entry for stream \'{app="x", service_name="x"}\' has timestamp too old: 0001-01-01T00:00:00Z, ' +
        'oldest acceptable timestamp is: 2026-11-14T12:00:00Z',
    ],
    [
      'a comma too many',
      '{"streams":[],}',
      '400 loghttp.PushRequest.readFieldHash: expect ", but found }, error found in #10 byte of ...|eams":[],}|..., ' +
        'bigger context ...|{"streams":[],}|...',
    ],
    [
      'a request that is cut off',
      '{"streams":[{"stream":{"app":"x"}',
      '400 loghttp.PushRequest.Streams: []loghttp.LogProtoStream: ReadObjectCB: object not ended with }, ' +
        'error found in #10 byte of ...|"app":"x"}|..., bigger context ...|{"streams":[{"stream":{"app":"x"}|...',
    ],
    [
      'an array as request',
      '[]',
      '400 readObjectStart: expect { or n, but found [, error found in #1 byte of ...|[]|..., bigger context ...|[]|...',
    ],
  ])('the answer to %s', async (_, body, expected) => {
    expect(await answerTo(body)).toBe(expected);
  });

  test('an error quotes no more than the 512 bytes that the parser holds', async () => {
    const body = one(`["${T0}","${'y'.repeat(440)}"],["${T0}","x",{"n":5}]`);
    const [, context = ''] = /bigger context \.\.\.\|(.*)\|\.\.\./.exec(await answerTo(body)) ?? [];
    expect(context).toBe(body.slice(512));
  });

  test('nesting up to 10,000 is passed over, deeper is refused', async () => {
    expect(await answerTo(nested(9_999))).toMatch(/^422 /);
    expect(await answerTo(nested(10_000))).toMatch(/^400 .*exceeded max depth/);
  });

  test('labels that are no strings are taken as they are written', async () => {
    await push(standIn, `{"streams":[{"stream":{"n":1.5,"b":true,"z":null},"values":[["${T0}","x"]]}]}`);
    expect(standIn.entries()[0]?.labels).toEqual({ b: 'true', n: '1.5', service_name: 'unknown_service', z: 'null' });
  });

  test('U+FFFD is refused in a label, becomes a space in metadata and stays in a line', async () => {
    expect(await answerTo(pushBody([{ a: '\ufffd' }, [T0, 'x']]))).toBe(
      "400 couldn't parse labels: 1:4: parse error: invalid UTF-8 rune",
    );
    await push(standIn, pushBody([{}, [T0, '\ufffd', { k: 'a\ufffdb' }]]));
    expect(standIn.entries()).toMatchObject([{ line: '\ufffd', metadata: { k: 'a b' } }]);
  });
});

describe('bodies', () => {
  const body = pushBody([{ app: 'x' }, [T0, 'x']]);
  const gzip = { ...JSON_TYPE, 'content-encoding': 'gzip' };

  test.each([
    ['gzip without its checksum', gzip, gzipSync(body).subarray(0, -8), 204, ''],
    ['gzip and something behind it', gzip, Buffer.concat([gzipSync(body), Buffer.from('tail')]), 204, ''],
    ['gzip in two members', gzip, Buffer.concat([gzipSync(body.slice(0, 9)), gzipSync(body.slice(9))]), 204, ''],
    ['gzip with half a header', gzip, gzipSync(body).subarray(0, 5), 400, 'unexpected EOF\n'],
    ['nothing, said to be gzip', gzip, Buffer.alloc(0), 400, 'EOF\n'],
    ['deflate in zlib wrapping', { ...JSON_TYPE, 'content-encoding': 'deflate' }, deflateSync(body), 400, 'EOF\n'],
    [
      'an encoding in capitals',
      { ...JSON_TYPE, 'content-encoding': 'GZIP' },
      gzipSync(body),
      400,
      'Content-Encoding "GZIP" not supported\n',
    ],
    ['snappy that is none', { ...JSON_TYPE, 'content-encoding': 'snappy' }, Buffer.from(body), 204, ''],
    [
      'half a parameter',
      { 'content-type': 'application/json; charset' },
      Buffer.from(body),
      400,
      'mime: invalid media parameter\n',
    ],
    [
      'half a media type',
      { 'content-type': 'application/' },
      Buffer.from(body),
      400,
      'mime: expected token after slash\n',
    ],
  ])('%s', async (_, headers, sent, status, text) => {
    expect(await push(standIn, sent, headers)).toMatchObject({ status, text });
  });

  test('damaged data are read up to the damage', async () => {
    const lines = Array.from({ length: 300 }, (_, index) => [T0, `line ${Math.sin(index)}`] as const);
    const deflated = deflateRawSync(pushBody([{}, ...lines]));
    const sent = deflated.subarray(0, deflated.length / 2);
    const { text } = await push(standIn, sent, { ...JSON_TYPE, 'content-encoding': 'deflate' });
    expect(text).toBe('loghttp.PushRequest.Streams: []loghttp.LogProtoStream: unexpected EOF\n');
  });
});

describe('labels', () => {
  test.each([
    ['a:b', "1:3: parse error: unexpected character inside braces: ':'"],
    ['1a', "1:2: parse error: unexpected character inside braces: '1'"],
    ['a b', '1:4: parse error: unexpected identifier "b" in label set, expected "="'],
    ['a\nb', '2:1: parse error: unexpected identifier "b" in label set, expected "="'],
    ['é', "1:2: parse error: unexpected character inside braces: 'é'"],
    ['a,b', '1:3: parse error: unexpected "," in label set, expected "="'],
    ['a=~', '1:3: parse error: unexpected <op:=~> in label set, expected "="'],
  ])('the name %j is refused', async (name, error) => {
    expect(await answerTo(pushBody([{ [name]: 'v' }, [T0, 'x']]))).toBe(`400 couldn't parse labels: ${error}`);
  });

  test('a quoted name in UTF-8 is accepted, and every query that meets it fails', async () => {
    await push(standIn, pushBody([{ app: 'x', '"a.b"': 'c' }, [T0, 'x']]));
    const query = new URLSearchParams({ query: '{app="x"}', start: String(T0), end: String(T0 + 1n) });
    const response = await fetch(`${standIn.url}/loki/api/v1/query_range?${query.toString()}`);
    expect([response.status, await response.text()]).toEqual([
      500,
      "could not write JSON response: 1:3: parse error: unexpected character inside braces: '.'",
    ]);
  });

  test('labels that Loki keeps for itself are refused', async () => {
    expect(await answerTo(pushBody([{ __backfill__: 'true' }, [T0, 'x']]))).toMatch(/^400 streams must not contain/);
  });

  test.each([
    [{ service: 's', app: 'a' }, 's'],
    [{ name: 'n', app_name: '' }, 'n'],
    [{ job: 'j', k8s_job_name: 'k' }, 'j'],
    [{ service_name: '', app: 'a' }, 'a'],
    [{ other: 'o' }, 'unknown_service'],
  ])('service_name of %j is %s', async (labels, expected) => {
    await push(standIn, pushBody([labels, [T0, 'x']]));
    expect(standIn.entries()[0]?.labels['service_name']).toBe(expected);
  });
});
