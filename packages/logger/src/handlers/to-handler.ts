import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { checkMethods } from '@spillway/core';

import type { ExporterHandler } from './log-handler.ts';

/**
 * Makes a handler of an exporter, such as those of Spillway or of OpenTelemetry. Each record is an export of its own: for
 * many records put the exporter behind a processor in a `LoggerProvider`, and the logger over that.
 *
 * - Its promise resolves when the exporter answers SUCCESS, and rejects where it answers FAILED or throws.
 * - Exports are not serialised: as many run at once as records come, up to the logger's `maxPending`.
 * - The logger flushes the exporter and shuts it down with itself.
 *
 * @throws TypeError where that is no exporter.
 */
export function toHandler(exporter: LogRecordExporter): ExporterHandler {
  checkMethods('exporter', exporter, ['export', 'forceFlush', 'shutdown']);
  return Object.assign((record: ReadableLogRecord) => exportOne(exporter, record), {
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  });
}

/** Of the SDK's `ExportResultCode`, which would have to be imported at run time. */
const SUCCESS = 0;

function exportOne(exporter: LogRecordExporter, record: ReadableLogRecord): Promise<void> {
  return new Promise((resolve, reject) => {
    exporter.export([record], (result: unknown) => {
      const { code, error } = (result ?? {}) as { readonly code?: unknown; readonly error?: Error };
      if (code === SUCCESS) resolve();
      else reject(error ?? new Error('The exporter has answered FAILED.'));
    });
  });
}
