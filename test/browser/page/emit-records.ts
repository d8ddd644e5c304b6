import type { LoggerProvider } from '@opentelemetry/sdk-logs';

import { recordText } from './record-text.ts';

const INFO = 9;

/** Emits records that are told apart by their numbers, from `from` on. */
export function emitRecords(
  logger: ReturnType<LoggerProvider['getLogger']>,
  from: number,
  count: number,
  severityNumber: number = INFO,
): void {
  for (let index = from; index < from + count; index += 1) {
    logger.emit({ severityNumber, body: recordText(index), attributes: { 'http.route': '/orders', index } });
  }
}
