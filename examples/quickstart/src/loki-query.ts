import { setTimeout as delay } from 'node:timers/promises';

/** Fits Loki's default `max_entries_limit_per_query` of 5000. */
const PAGE_SIZE = 5000;
const TIMEOUT_MILLIS = 10_000;
/**
 * Has structured metadata shown apart from labels: with trace IDs among its labels each line would be a stream of its own.
 * @see https://grafana.com/docs/loki/latest/reference/loki-http-api/#query-logs-within-a-range-of-time (read 2026-11-21)
 */
const APART = { 'X-Loki-Response-Encoding-Flags': 'categorize-labels' };
const PUSH_PATH = /\/?(?:loki\/api\/v1\/push\/?)?$/;

interface QueryResult {
  readonly data?: {
    readonly result?: readonly { readonly values: readonly (readonly [nanos: string, line: string])[] }[];
  };
}

/** A Loki of several processes may take a moment to show what it has acknowledged. */
const TRIES = 3;
const PAUSE_MILLIS = 1000;

/**
 * Counts the lines that Loki has stored since a time, and waits a little where there are fewer than expected. Answers
 * with an error where Loki cannot be asked.
 *
 * @param lokiUrl the base URL or the push URL
 * @param selector stream selector, such as `{service_name="orders"}`
 * @param sinceMillis wall clock, in milliseconds since the epoch
 */
export async function readBack(
  lokiUrl: URL,
  selector: string,
  sinceMillis: number,
  expected: number,
): Promise<number | Error> {
  try {
    for (let tries = 1; ; tries += 1) {
      const stored = await countStoredLines(lokiUrl, selector, sinceMillis);
      if (stored >= expected || tries === TRIES) return stored;
      await delay(PAUSE_MILLIS);
    }
  } catch (error) {
    return error as Error;
  }
}

/**
 * Reads page by page. A metric query would be a single request, but it counts a line that was sent twice as two, where
 * reading gives it once.
 */
async function countStoredLines(lokiUrl: URL, selector: string, sinceMillis: number): Promise<number> {
  const end = nanos(Date.now() + 60_000);
  let start = nanos(sinceMillis);
  for (let count = 0; ;) {
    const times = await readTimes(lokiUrl, { query: selector, start: String(start), end: String(end) });
    if (times.length < PAGE_SIZE) return count + times.length;
    // More lines of the last time may follow, so that the next page begins with all of them.
    const last = times.reduce((latest, time) => (time > latest ? time : latest));
    if (last === start) throw new Error(`Too many lines of the same time, ${last} ns`);
    count += times.filter((time) => time < last).length;
    start = last;
  }
}

const nanos = (millis: number): bigint => BigInt(Math.floor(millis)) * 1_000_000n;

async function readTimes(lokiUrl: URL, parameters: Readonly<Record<string, string>>): Promise<bigint[]> {
  const url = new URL(lokiUrl.pathname.replace(PUSH_PATH, '/loki/api/v1/query_range'), lokiUrl);
  url.search = String(new URLSearchParams({ ...parameters, direction: 'forward', limit: String(PAGE_SIZE) }));
  const response = await fetch(url, { headers: APART, signal: AbortSignal.timeout(TIMEOUT_MILLIS) });
  if (!response.ok) throw new Error(`The query API answered ${response.status}`);
  const { data } = (await response.json()) as QueryResult;
  return (data?.result ?? []).flatMap(({ values }) => values.map(([time]) => BigInt(time)));
}
