import {
  checkFunction,
  checkInteger,
  checkMethods,
  checkNumber,
  checkOneOf,
  checkOptions,
  checkTimerMillis,
  optionMessage,
} from '@spillway/core';

import type { RingBufferLogRecordProcessorOptions } from './ring-buffer-options.ts';

/** Options that have no default. */
type Unset = 'untriggered' | 'isTrigger' | 'scopeKey' | 'onBackpressure' | 'selfObsMeterProvider';

/** Options with every default filled in. */
export type ResolvedRingBufferOptions = Required<Omit<RingBufferLogRecordProcessorOptions, Unset>> & {
  readonly [Name in Unset]: RingBufferLogRecordProcessorOptions[Name] | undefined;
};

const WARN_SEVERITY = 13;
const ERROR_SEVERITY = 17;
/** Above the highest severity: everything is held. */
const MAX_HOLD_BELOW_SEVERITY = 25;

const PROCESSOR_METHODS = ['onEmit', 'forceFlush', 'shutdown'];
/** What means nothing where no record is held back. */
const HOLD_OPTIONS = [
  'untriggered',
  'isTrigger',
  'passThroughMillis',
  'triggerMinSeverity',
  'holdBelowSeverity',
] as const;

/** @throws TypeError or RangeError naming the option that is wrong. */
export function resolveRingBufferOptions(options: RingBufferLogRecordProcessorOptions): ResolvedRingBufferOptions {
  checkOptions(options);
  const { delegate, untriggered, isTrigger, scopeKey, onBackpressure, selfObsMeterProvider } = options;
  checkMethods('delegate', delegate, PROCESSOR_METHODS);
  if (untriggered !== undefined) checkMethods('untriggered', untriggered, PROCESSOR_METHODS);
  checkFunction('isTrigger', isTrigger);
  checkFunction('scopeKey', scopeKey);
  checkFunction('onBackpressure', onBackpressure);
  if (selfObsMeterProvider !== undefined) checkMethods('selfObsMeterProvider', selfObsMeterProvider, ['getMeter']);
  const maxRecords = checkInteger('maxRecords', options.maxRecords ?? 10_000, { min: 1 });
  const maxBytes = checkInteger('maxBytes', options.maxBytes ?? 16 * 1024 * 1024, { min: 1 });
  const maxRecordsPerScope = checkInteger('maxRecordsPerScope', options.maxRecordsPerScope ?? 1000, { min: 1 });
  const maxBytesPerScope = checkInteger('maxBytesPerScope', options.maxBytesPerScope ?? 1024 * 1024, { min: 1 });
  return {
    delegate,
    untriggered,
    isTrigger,
    scopeKey,
    onBackpressure,
    selfObsMeterProvider,
    mode: resolveMode(options),
    ...resolveSeverities(options),
    ttlMillis: checkTimerMillis('ttlMillis', options.ttlMillis ?? 30_000, 1),
    passThroughMillis: checkTimerMillis('passThroughMillis', options.passThroughMillis ?? 10_000),
    maxRecords,
    maxBytes,
    // A scope cannot hold more than all of them together.
    maxRecordsPerScope: Math.min(maxRecordsPerScope, maxRecords),
    maxBytesPerScope: Math.min(maxBytesPerScope, maxBytes),
    maxScopes: checkInteger('maxScopes', options.maxScopes ?? 1000, { min: 1 }),
    backpressureThreshold: resolveThreshold(options.backpressureThreshold ?? 0.8),
  };
}

function resolveMode(options: RingBufferLogRecordProcessorOptions): 'hold' | 'copy' {
  const mode = checkOneOf('mode', options.mode ?? 'hold', ['hold', 'copy']);
  if (mode === 'hold') return mode;
  for (const field of HOLD_OPTIONS) {
    const value = options[field];
    if (value !== undefined) throw new TypeError(optionMessage(field, 'absent where `mode` is "copy"', value));
  }
  return mode;
}

function resolveSeverities(
  options: RingBufferLogRecordProcessorOptions,
): Pick<ResolvedRingBufferOptions, 'holdBelowSeverity' | 'triggerMinSeverity'> {
  const holdBelowSeverity = checkInteger('holdBelowSeverity', options.holdBelowSeverity ?? WARN_SEVERITY, {
    min: 2,
    max: MAX_HOLD_BELOW_SEVERITY,
  });
  // A trigger of a severity that is held would release itself.
  const triggerRange = { min: holdBelowSeverity, max: Infinity };
  return {
    holdBelowSeverity,
    triggerMinSeverity: checkInteger('triggerMinSeverity', options.triggerMinSeverity ?? ERROR_SEVERITY, triggerRange),
  };
}

function resolveThreshold(value: number): number {
  const threshold = checkNumber('backpressureThreshold', value, { max: 1 });
  if (threshold > 0) return threshold;
  throw new RangeError(optionMessage('backpressureThreshold', 'greater than 0', threshold));
}
