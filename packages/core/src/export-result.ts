import type { LogRecordExporter } from '@opentelemetry/sdk-logs';

import { callSafely } from './call-safely.ts';
import type { ThrottledDiag } from './throttled-diag.ts';

/** What the SDK's `LogRecordExporter.export` is given to be answered by. */
export type ResultCallback = Parameters<LogRecordExporter['export']>[1];
type ExportResult = Parameters<ResultCallback>[0];

/** Values of the SDK's `ExportResultCode`, equal in all its versions; the enum itself would have to be imported at run time. */
const SUCCESS = { code: 0 } as ExportResult;
const FAILED = { code: 1 } as ExportResult;

/** Answers an export: SUCCESS, or FAILED with an error. A callback that throws is logged, and changes nothing. */
export function answerExport(callback: ResultCallback, diag: ThrottledDiag, error?: Error): void {
  callSafely(
    () => callback(error === undefined ? SUCCESS : { ...FAILED, error }),
    (thrown) => diag.error('callback', 'The callback of an export threw', thrown),
  );
}
