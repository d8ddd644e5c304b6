import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { afterEach, vi } from 'vitest';

import type { PagerDutyLogRecordExporterOptions } from '../src/pagerduty-exporter-options.ts';
import { PagerDutyLogRecordExporter } from '../src/pagerduty-log-record-exporter.ts';
import { logRecord, type RecordFields } from './log-record.ts';

export const ROUTING_KEY = '0123456789abcdef0123456789abcdef';

type Json = Readonly<Record<string, unknown>>;

/** An event as it was posted. */
export interface Posted {
  readonly path: string;
  readonly routing_key: string;
  readonly event_action: string;
  readonly dedup_key: string;
  readonly payload: Json & { readonly summary: string; readonly severity: string; readonly custom_details: Json };
  readonly links?: readonly { readonly href: string }[];
}

/** A record of now: an ERROR of the service `shop`. */
export function recordOfShop(fields: RecordFields = {}): ReadableLogRecord {
  const hrTime = [Math.floor(Date.now() / 1000), 0];
  return logRecord({ hrTime, resource: { 'service.name': 'shop' }, scope: 'orders', ...fields });
}

/** Exporters over a PagerDuty that takes everything, and keeps it. */
export class ExporterHarness {
  readonly posted: Posted[] = [];
  status = 202;
  readonly #exporters: PagerDutyLogRecordExporter[] = [];

  make(options: Partial<PagerDutyLogRecordExporterOptions> = {}): PagerDutyLogRecordExporter {
    const exporter = new PagerDutyLogRecordExporter({
      routingKey: ROUTING_KEY,
      rules: [{ name: 'errors', when: { minSeverity: 17 } }],
      fetch: (url, init) => this.#receive(url as string, init),
      ...options,
    });
    this.#exporters.push(exporter);
    return exporter;
  }

  /** What was posted, in few words. */
  get events(): string[] {
    return this.posted.map(({ event_action: action, payload }: Partial<Posted>) =>
      `${action} ${payload?.summary ?? ''}`.trim(),
    );
  }

  async end(): Promise<void> {
    await Promise.all(this.#exporters.splice(0).map((exporter) => exporter.shutdown({ timeoutMillis: 50 })));
  }

  async #receive(url: string, init: RequestInit = {}): Promise<Response> {
    const event = JSON.parse(new TextDecoder().decode(init.body as Uint8Array)) as Omit<Posted, 'path'>;
    this.posted.push({ ...event, path: new URL(url).pathname });
    return new Response('', { status: this.status });
  }
}

/** A harness for each test of the file, in stopped time. */
export function useHarness(): { current: ExporterHarness } {
  const held = { current: new ExporterHarness() };
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  afterEach(async () => {
    await held.current.end();
    held.current = new ExporterHarness();
  });
  return held;
}

/** Exports records one by one. */
export function exportAll(exporter: PagerDutyLogRecordExporter, ...records: readonly RecordFields[]): void {
  for (const fields of records) exporter.export([recordOfShop(fields)], () => {});
}
