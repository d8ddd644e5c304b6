import { readFileSync } from 'node:fs';
import { deflateRawSync, gzipSync } from 'node:zlib';

import { expect, test } from 'vitest';

import { LokiStandIn } from './index.ts';

interface VectorEntry {
  readonly labels: Readonly<Record<string, string>>;
  readonly time: string;
  readonly line: string;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Vector {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly contentType: string | null;
    readonly contentEncoding: string | null;
    readonly bodyNotEncoded?: boolean;
    readonly body: string;
  };
  readonly status: number;
  readonly response: string;
  readonly stored: readonly VectorEntry[] | '0 lines';
  readonly note?: string;
}

const { cases } = JSON.parse(readFileSync(new URL('vectors/loki-push.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Vector[];
};

/** When the cases were recorded whose answer names a time. */
const RECORDED_AT: Readonly<Record<string, string>> = {
  'timestamp ms string': '2026-11-21T01:48:47.000Z',
  'timestamp 8 days old and a neighbour': '2026-11-21T01:48:48.000Z',
  'timestamp 1 h ahead and a neighbour': '2026-11-21T01:48:49.000Z',
  'old then far behind: first 2 h old': '2026-11-21T01:49:05.922Z',
};

/** As long as those of the recording: the size of a request depends on it. */
const ID = 'vector-00';

const fill = (text: string, t0: bigint): string =>
  text
    .replaceAll('<id>', ID)
    .replaceAll(/<t0(?:([+-]\d+)(s?))?>/g, (_, offset = '0', unit = '') =>
      String(t0 + BigInt(offset) * (unit === 's' ? 1_000_000_000n : 1n)),
    )
    .replaceAll(/<(\d+)>/g, (_, length) => 'z'.repeat(Number(length)));

const encode = ({ contentEncoding, bodyNotEncoded }: Vector['request'], body: string): Buffer => {
  if (bodyNotEncoded === true) return Buffer.from(body);
  if (contentEncoding === 'gzip') return gzipSync(body);
  return contentEncoding === 'deflate' ? deflateRawSync(body) : Buffer.from(body);
};

test.each(cases)('a real Loki and the stand-in agree on: $name', async (vector) => {
  const nowMillis = Date.parse(RECORDED_AT[vector.name] ?? '2026-11-21T01:48:40.922Z');
  const t0 = BigInt(nowMillis) * 1_000_000n;
  const standIn = new LokiStandIn({ now: () => nowMillis });
  await standIn.start();
  try {
    const { method, contentType, contentEncoding } = vector.request;
    const headers: Record<string, string> = {
      ...(contentType !== null && { 'content-type': contentType }),
      ...(contentEncoding !== null && { 'content-encoding': contentEncoding }),
    };
    const body = encode(vector.request, fill(vector.request.body, t0));
    const response = await fetch(`${standIn.url}/loki/api/v1/push`, {
      method,
      headers,
      ...(method === 'POST' && { body: new Uint8Array(body) }),
    });
    const expected = fill(vector.response, t0);
    expect([response.status, await response.text()]).toEqual([vector.status, expected]);
    expect(await readBack(standIn, t0)).toEqual(expectedEntries(vector, t0));
  } finally {
    await standIn.close();
  }
});

const expectedEntries = ({ stored }: Vector, t0: bigint): unknown =>
  stored === '0 lines' ? [] : JSON.parse(fill(JSON.stringify(stored), t0));

const readBack = async (standIn: LokiStandIn, t0: bigint): Promise<VectorEntry[]> => {
  const query = new URLSearchParams({
    query: `{app="${ID}"}`,
    start: String(t0 - 3n * 3_600_000_000_000n),
    end: String(t0 + 3_600_000_000_000n),
    direction: 'forward',
    limit: '1000',
  });
  const response = await fetch(`${standIn.url}/loki/api/v1/query_range?${query.toString()}`, {
    headers: { 'X-Loki-Response-Encoding-Flags': 'categorize-labels' },
  });
  const { data } = (await response.json()) as {
    data: { result: { stream: Record<string, string>; values: [string, string, { structuredMetadata?: object }][] }[] };
  };
  return data.result.flatMap(({ stream, values }) =>
    values.map(([time, line, { structuredMetadata = {} }]) => ({
      labels: stream,
      time,
      line,
      metadata: structuredMetadata as Record<string, string>,
    })),
  );
};
