import { gunzipSync } from 'node:zlib';

import { LokiLogRecordExporter, type LokiLogRecordExporterOptions } from '@spillway/exporter-loki';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { Drop } from '@spillway/core';
import { diag, DiagLogLevel } from '@opentelemetry/api';
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';

import { hrTimeOf, makeRecord } from './encode-options.ts';

interface Push {
  readonly headers: Headers;
  readonly lines: readonly string[];
}

const URL = 'http://loki.test:3100';
const PUSH_URL = `${URL}/loki/api/v1/push`;
const server = setupServer();
let pushes: Push[] = [];

async function readPush(request: Request): Promise<Push> {
  const bytes = Buffer.from(await request.arrayBuffer());
  const body = JSON.parse(gunzipSync(bytes).toString()) as { streams: { values: [string, string][] }[] };
  return { headers: request.headers, lines: body.streams.flatMap(({ values }) => values.map(([, line]) => line)) };
}

/** Answers each push in turn; the last answer stays. */
function answer(...answers: readonly (() => Response)[]): void {
  let count = 0;
  server.use(
    http.post(PUSH_URL, async ({ request }) => {
      pushes.push(await readPush(request));
      const next = answers[Math.min(count, answers.length - 1)];
      count += 1;
      return next?.() ?? new HttpResponse(null, { status: 204 });
    }),
  );
}

function createExporter(options: LokiLogRecordExporterOptions = {}): LokiLogRecordExporter {
  const exporter = new LokiLogRecordExporter({ url: URL, backoff: { delayMillis: () => 1 }, ...options });
  onTestFinished(() => exporter.shutdown({ timeoutMillis: 0 }));
  return exporter;
}

function recordOf(body: unknown, fields: Partial<ReadableLogRecord> = {}): ReadableLogRecord {
  return makeRecord({ body, hrTime: hrTimeOf(Date.now()), hrTimeObserved: hrTimeOf(Date.now()), ...fields });
}

async function exportAll(exporter: LokiLogRecordExporter, records: ReadableLogRecord[]): Promise<number> {
  const code = await new Promise<number>((resolve) => {
    exporter.export(records, (result) => resolve(result.code));
  });
  await exporter.forceFlush({ timeoutMillis: 2000 });
  return code;
}

function none(): void {}

beforeAll(() => server.listen({ onUnhandledFrame: 'error' }));
beforeEach(() => {
  pushes = [];
});
afterEach(() => {
  server.resetHandlers();
  diag.disable();
});
afterAll(() => server.close());

describe('LokiLogRecordExporter', () => {
  it('sends records as gzipped JSON to the push address, and answers success', async () => {
    answer();
    const exporter = createExporter();
    expect(await exportAll(exporter, [recordOf('one'), recordOf('two')])).toBe(0);
    expect(pushes.map(({ lines }) => lines)).toEqual([['one', 'two']]);
    expect(pushes[0]?.headers.get('content-type')).toBe('application/json');
    expect(pushes[0]?.headers.get('content-encoding')).toBe('gzip');
    expect(exporter.stats()).toMatchObject({ received: 2, passed: 2, held: 0, droppedTotal: 0, requestsSucceeded: 1 });
  });

  it('sends tenant, headers and credentials, whose functions are asked for each request', async () => {
    answer();
    let calls = 0;
    const password = (): string => {
      calls += 1;
      return `pä${calls}`;
    };
    const exporter = createExporter({
      tenantId: 'team-a',
      headers: { 'X-Extra': 'yes' },
      basicAuth: { username: 'u', password },
    });
    await exportAll(exporter, [recordOf('one')]);
    await exportAll(exporter, [recordOf('two')]);
    expect(pushes.map(({ headers }) => headers.get('authorization'))).toEqual(
      ['u:pä1', 'u:pä2'].map((text) => `Basic ${Buffer.from(text).toString('base64')}`),
    );
    expect(pushes[0]?.headers.get('x-scope-orgid')).toBe('team-a');
    expect(pushes[0]?.headers.get('x-extra')).toBe('yes');
  });

  it('sends a bearer token', async () => {
    answer();
    await exportAll(createExporter({ bearerToken: async () => 'token' }), [recordOf('one')]);
    expect(pushes[0]?.headers.get('authorization')).toBe('Bearer token');
  });

  it('sends the records of each tenant by themselves', async () => {
    answer();
    const exporter = createExporter({ tenantId: ({ attributes }) => attributes['team'] as string });
    await exportAll(
      exporter,
      ['a', 'b', 'a'].map((team, index) => recordOf(`${index}`, { attributes: { team } })),
    );
    const byTenant = pushes.map(({ headers, lines }) => [headers.get('x-scope-orgid'), lines]);
    expect(byTenant).toHaveLength(2);
    expect(Object.fromEntries(byTenant)).toEqual({ a: ['0', '2'], b: ['1'] });
  });

  it('does not take 260 for success, and sends the identical bytes again', async () => {
    answer(
      () => new HttpResponse(null, { status: 260 }),
      () => new HttpResponse(null, { status: 204 }),
    );
    const exporter = createExporter();
    exporter.export([recordOf('one')], () => {});
    await vi.waitFor(() => expect(pushes.length).toBe(2));
    await exporter.forceFlush();
    expect(pushes[0]?.lines).toEqual(pushes[1]?.lines);
    expect(exporter.stats()).toMatchObject({ passed: 1, requestsFailed: 1 });
  });

  it('counts what Loki refused of a request, and what it kept', async () => {
    const text = `2 errors like: entry for stream '{service_name="shop"}' has timestamp too new: 2026-11-21T02:48:49Z\n`;
    answer(() => HttpResponse.text(text, { status: 400 }));
    const drops: Drop[] = [];
    const exporter = createExporter({ onDrop: (drop) => drops.push(drop) });
    await exportAll(
      exporter,
      ['1', '2', '3'].map((body) => recordOf(body)),
    );
    expect(pushes).toHaveLength(1);
    expect(exporter.stats()).toMatchObject({ passed: 1, dropped: { rejected: 2 }, held: 0 });
    expect(drops).toMatchObject([
      { count: 2, reason: 'rejected', error: { name: 'LokiExportError', statusCode: 400 } },
    ]);
  });

  it('finds the one record that a request cannot be read for', async () => {
    server.use(
      http.post(PUSH_URL, async ({ request }) => {
        const push = await readPush(request);
        pushes.push(push);
        return push.lines.includes('bad')
          ? HttpResponse.text('EOL expected', { status: 400 })
          : new HttpResponse(null, { status: 204 });
      }),
    );
    const exporter = createExporter();
    const bodies = Array.from({ length: 20 }, (_, index) => (index === 13 ? 'bad' : `line ${index}`));
    await exportAll(
      exporter,
      bodies.map((body) => recordOf(body)),
    );
    await vi.waitFor(() => expect(exporter.stats()).toMatchObject({ passed: 19, dropped: { rejected: 1 }, held: 0 }));
  });

  it('holds everything while address or credentials are wrong', async () => {
    answer(() => HttpResponse.text('no org id', { status: 401 }));
    const exporter = createExporter();
    await exportAll(exporter, [recordOf('one')]);
    expect(exporter.stats()).toMatchObject({ held: 1, droppedTotal: 0 });
  });

  it('drops what is too old alone, and tells why', async () => {
    answer();
    const drops: Drop[] = [];
    const exporter = createExporter({ onDrop: (drop) => drops.push(drop) });
    await exportAll(exporter, [recordOf('old', { hrTime: [1_700_000_000, 0] }), recordOf('new')]);
    expect(pushes.map(({ lines }) => lines)).toEqual([['new']]);
    expect(drops).toMatchObject([{ count: 1, reason: 'expired' }]);
  });

  it('is disabled without a URL, and can be sent elsewhere at run time', async () => {
    answer();
    const exporter = createExporter({ url: undefined });
    await exportAll(exporter, [recordOf('lost')]);
    exporter.setUrl(URL);
    await exportAll(exporter, [recordOf('sent')]);
    expect(pushes.map(({ lines }) => lines)).toEqual([['sent']]);
    expect(exporter.stats()).toMatchObject({ passed: 1, dropped: { disabled: 1 } });
    expect(() => exporter.setUrl('ftp://loki')).toThrow(RangeError);
  });

  it('warns once when labels make too many streams, and when the tenant function fails', async () => {
    answer();
    const warn = vi.fn<(...parts: unknown[]) => void>();
    const error = vi.fn<(...parts: unknown[]) => void>();
    diag.setLogger({ warn, error, info: none, debug: none, verbose: none }, DiagLogLevel.WARN);
    const exporter = createExporter({
      labels: ['user'],
      maxStreams: 1,
      tenantId: () => {
        throw new Error('broken');
      },
    });
    await exportAll(
      exporter,
      Array.from({ length: 50 }, (_, user) => recordOf('x', { attributes: { user } })),
    );
    expect(warn.mock.calls.filter((parts) => /More than 1 streams within an hour/.test(String(parts[1])))).toHaveLength(
      1,
    );
    expect(error.mock.calls.filter((parts) => /tenantId failed: Error: broken/.test(String(parts[1])))).toHaveLength(1);
    expect(pushes.flatMap(({ lines }) => lines)).toHaveLength(50);
  });

  it('never shows a secret in what it logs', async () => {
    answer(
      () => HttpResponse.text('hunter2', { status: 401 }),
      () => HttpResponse.text('hunter2', { status: 400 }),
    );
    const logged: unknown[] = [];
    const log = (...parts: unknown[]): void => void logged.push(...parts);
    diag.setLogger({ warn: log, error: log, info: log, debug: log, verbose: log }, DiagLogLevel.ALL);
    const exporter = createExporter({ bearerToken: 'hunter2', headers: { 'X-Key': 'hunter2' } });
    await exportAll(exporter, [recordOf('hunter2')]);
    expect(logged.length).toBeGreaterThan(0);
    expect(JSON.stringify(logged)).not.toContain('hunter2');
    expect(JSON.stringify(exporter)).not.toContain('hunter2');
  });

  it('answers failure after shutdown', async () => {
    answer();
    const exporter = createExporter();
    await exporter.shutdown();
    expect(await exportAll(exporter, [recordOf('late')])).toBe(1);
    expect(pushes).toEqual([]);
  });
});
