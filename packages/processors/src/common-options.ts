import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { checkMethods, optionMessage } from '@spillway/core';

const PROCESSOR_METHODS = ['onEmit', 'forceFlush', 'shutdown'];

/** Throws unless the value of an option is a log-record processor. */
export function checkProcessor(field: string, value: LogRecordProcessor): void {
  const isExporter = typeof value === 'object' && value !== null && typeof Reflect.get(value, 'export') === 'function';
  if (isExporter && !('onEmit' in value)) {
    const rule =
      'a log-record processor; an exporter goes into one, such as `new HybridLogRecordProcessor({ exporter })`';
    throw new TypeError(optionMessage(field, rule, value));
  }
  checkMethods(field, value, PROCESSOR_METHODS);
}

/** Throws unless the value of the option, which may be left out, is a meter provider. */
export function checkMeterProvider(value: unknown): void {
  if (value !== undefined) checkMethods('selfObsMeterProvider', value, ['getMeter']);
}
