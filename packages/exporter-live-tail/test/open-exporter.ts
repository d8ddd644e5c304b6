import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { LiveTailLogRecordExporter, type LiveTailLogRecordExporterOptions } from '@spillway/exporter-live-tail';
import { onTestFinished } from 'vitest';

/** An exporter that listens on a free port until the test is over, and its address. */
export async function openExporter(
  options: LiveTailLogRecordExporterOptions = {},
): Promise<{ exporter: LiveTailLogRecordExporter; url: string }> {
  const exporter = new LiveTailLogRecordExporter({ port: 0, ...options });
  onTestFinished(() => exporter.shutdown({ timeoutMillis: 100 }));
  return { exporter, url: await exporter.listening() };
}

/** Exports, and resolves with the code of the answer. */
export function exportTo(exporter: LiveTailLogRecordExporter, records: ReadableLogRecord[]): Promise<number> {
  return new Promise((resolve) => {
    exporter.export(records, ({ code }) => resolve(code));
  });
}
