export { answerOf } from './answer-of.ts';
export { BackpressureWatch } from './backpressure-watch.ts';
export { callSafely } from './call-safely.ts';
export { componentAttributes } from './component-attributes.ts';
export { concatBytes } from './concat-bytes.ts';
export {
  Deadline,
  type DeadlineOptions,
  FLUSH_TIMEOUT_MILLIS,
  readTimeoutMillis,
  SHUTDOWN_TIMEOUT_MILLIS,
  type Subscribe,
  untilDeadline,
  workUntilDeadline,
} from './deadline.ts';
export { DROP_REASONS, type Drop, type DropReason } from './drop-reasons.ts';
export { DropWarnings } from './drop-warnings.ts';
export { excerpt } from './excerpt.ts';
export { answerExport, type ResultCallback } from './export-result.ts';
export { type ExporterIdentity, observeExporterLedger } from './exporter-ledger-metrics.ts';
export { type ExitFlushTarget, flushBeforeExit, onBeforeExit, onExit } from '#exit-flush';
export { guardedRandom } from './guarded-random.ts';
export { toHrTime } from './hr-time.ts';
export { Ledger, type LedgerSnapshot } from './ledger.ts';
export { listenTo } from './listeners.ts';
export { guardMeter } from './meter-guard.ts';
export { ListeningServer, type ListeningServerOptions } from './listening-server.ts';
export { LogRecordSnapshot } from './log-record-snapshot.ts';
export { startMacrotask } from './macrotask.ts';
export {
  checkBoolean,
  checkFields,
  checkFunction,
  checkInteger,
  checkMethods,
  checkMinSeverity,
  checkNumber,
  checkOneOf,
  checkOptions,
  checkString,
  checkTimerMillis,
  MAX_TIMER_MILLIS,
  type NumberRange,
  optionMessage,
} from './option-checks.ts';
export { onOnline, onPageActive, onPageAway, onPageHidden } from './page-lifecycle.ts';
export { type PlainValue, toPlainValue } from './plain-value.ts';
export { meetsAny, type RecordCondition, type ResolvedCondition, resolveConditions } from './record-condition.ts';
export { type ResolvedRecordFilter, resolveRecordFilter } from './record-filter.ts';
export { type FieldSource, type RecordField, readFieldText, resolveRecordField, scalarText } from './record-field.ts';
export { RecordEvaluation, type RecordEvaluationOptions } from './record-evaluation.ts';
export { checkRequestPath, requestUrl, wrongRequestPath } from './request-path.ts';
export { isSameSecret } from './same-secret.ts';
export { Secret, type SecretInput } from './secret.ts';
export { effectiveSeverity, lowestSeverity, SEVERITY_NAMES, severityIndex, type SeverityName } from './severity.ts';
export { estimateRecordBytes } from './size-estimate.ts';
export { ThrottledDiag, type ThrottledDiagOptions } from './throttled-diag.ts';
export { isTracingSuppressed, withTracingSuppressed } from './tracing-suppression.ts';
export { cutText, isSurrogatePair, ownText, utf8Bytes, utf8Encoder, wellFormed } from './utf8.ts';
