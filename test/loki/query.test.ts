import { afterEach, beforeEach, expect, test } from 'vitest';

import { LokiStandIn } from './index.ts';
import { push, pushBody } from './push-client.ts';

const NOW_MILLIS = Date.parse('2026-11-21T12:00:00Z');
const T0 = BigInt(NOW_MILLIS) * 1_000_000n - 60_000_000_000n;

let standIn: LokiStandIn;

beforeEach(async () => {
  standIn = new LokiStandIn({ now: () => NOW_MILLIS });
  await standIn.start();
});

afterEach(async () => {
  await standIn.close();
});

interface Answer {
  readonly data: { readonly result: { stream: Record<string, string>; values: readonly unknown[][] }[] };
}

const ask = (parameters: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${standIn.url}/loki/api/v1/query_range?${new URLSearchParams(parameters).toString()}`, { headers });

const linesOf = async (parameters: Record<string, string>): Promise<unknown[]> => {
  const { data } = (await (await ask(parameters)).json()) as Answer;
  return data.result.flatMap(({ values }) => values.map(([, line]) => line));
};

test('metadata are labels of the stream, unless the client wants them apart', async () => {
  await push(standIn, pushBody([{ app: 'x' }, [T0, 'a', { app: 'clash', 'k.v': '1' }]]));
  const merged = (await (await ask({ query: '{app="x"}' })).json()) as Answer;
  expect(merged.data.result).toEqual([
    {
      stream: { app: 'x', app_extracted: 'clash', detected_level: 'unknown', k_v: '1', service_name: 'x' },
      values: [[String(T0), 'a']],
    },
  ]);
  const response = await ask({ query: '{app="x"}' }, { 'X-Loki-Response-Encoding-Flags': 'categorize-labels' });
  expect(await response.json()).toMatchObject({
    status: 'success',
    data: {
      resultType: 'streams',
      encodingFlags: ['categorize-labels'],
      result: [
        {
          stream: { app: 'x', service_name: 'x' },
          values: [
            [String(T0), 'a', { structuredMetadata: { app_extracted: 'clash', detected_level: 'unknown', k_v: '1' } }],
          ],
        },
      ],
    },
  });
});

test('lines come newest first; those of the same time in the order of the push, or reversed', async () => {
  await push(standIn, pushBody([{ app: 'x' }, [T0, 'a'], [T0, 'b'], [T0 - 1n, 'c'], [T0 + 1n, 'd']]));
  expect(await linesOf({ query: '{app="x"}' })).toEqual(['d', 'b', 'a', 'c']);
  expect(await linesOf({ query: '{app="x"}', direction: 'forward' })).toEqual(['c', 'a', 'b', 'd']);
  expect(await linesOf({ query: '{app="x"}', limit: '2' })).toEqual(['d', 'b']);
});

test('the start belongs to the range, the end does not', async () => {
  await push(standIn, pushBody([{ app: 'x' }, [T0, 'a'], [T0 + 1n, 'b'], [T0 + 2n, 'c']]));
  const range = { start: String(T0), end: String(T0 + 2n) };
  expect(await linesOf({ query: '{app="x"}', direction: 'forward', ...range })).toEqual(['a', 'b']);
});

test.each([
  ['{app="x"}', ['1', '2', '3']],
  ['{app="x", s!="2"}', ['1', '3']],
  ['{app="x", s=~"1|2"}', ['1', '2']],
  ['{app="x", s!~"[12]"}', ['3']],
  ['{ app = `x` , s =~ ".+" }', ['1', '2']],
  ['{app="x", s=""}', ['3']],
  ['{app="y"}', []],
])('%s selects %j', async (query, expected) => {
  await push(
    standIn,
    pushBody([{ app: 'x', s: '1' }, [T0, '1']], [{ app: 'x', s: '2' }, [T0, '2']], [{ app: 'x' }, [T0, '3']]),
  );
  expect(new Set(await linesOf({ query }))).toEqual(new Set(expected));
});

test.each([
  [
    { query: '{app="x"}', limit: '5001' },
    'max entries limit per query exceeded, limit > max_entries_limit_per_query (5001 > 5000)',
  ],
  [{ query: '{app="x"}', limit: '0' }, 'limit must be a positive value'],
  [{ query: '{app="x"}', direction: 'up' }, "invalid direction 'up'"],
  [{ query: '{app="x"}', start: '5', end: '4' }, 'end timestamp must not be before or equal to start time'],
  [
    { query: '{app=~".*"}' },
    'parse error : queries require at least one regexp or equality matcher that does not have an empty-compatible value. ' +
      'For instance, app=~".*" does not meet this requirement, but app=~".+" will',
  ],
])('the query %j is refused', async (parameters, error) => {
  const response = await ask(parameters);
  expect([response.status, await response.text()]).toEqual([400, error]);
});

test('a query asks for 100 lines of the last hour by default', async () => {
  const lines = Array.from({ length: 101 }, (_, index) => [T0 + BigInt(index), `${index}`] as const);
  await push(standIn, pushBody([{ app: 'x' }, [T0 - 3_600_000_000_000n, 'old'], ...lines]));
  const found = await linesOf({ query: '{app="x"}' });
  expect([found.length, found.includes('old')]).toEqual([100, false]);
});

test('labels and their values can be listed', async () => {
  const list = async (path: string): Promise<unknown> => (await fetch(`${standIn.url}/loki/api/v1/${path}`)).json();
  expect(await list('labels')).toEqual({ status: 'success' });
  await push(standIn, pushBody([{ app: 'x' }, [T0, 'a']], [{ app: 'w' }, [T0, 'a']]));
  expect(await list('labels')).toEqual({ status: 'success', data: ['app', 'service_name'] });
  expect(await list('label/app/values')).toEqual({ status: 'success', data: ['w', 'x'] });
});
