import {
  checkFields,
  checkFunction,
  checkInteger,
  checkMinSeverity,
  checkNumber,
  checkOneOf,
  checkOptions,
  checkTimerMillis,
  optionMessage,
} from '@spillway/core';

import { checkMeterProvider, checkProcessor } from '../common-options.ts';
import type { RingBufferLogRecordProcessorOptions } from './ring-buffer-options.ts';

/** Options that have no default. */
type Unset = 'untriggered' | 'isTrigger' | 'scopeKey' | 'onBackpressure' | 'selfObsMeterProvider';

/** Options with every default filled in. */
export type ResolvedRingBufferOptions = Required<Omit<RingBufferLogRecordProcessorOptions, Unset>> & {
  readonly [Name in Unset]: RingBufferLogRecordProcessorOptions[Name] | undefined;
};

export const DEFAULT_HOLD_BELOW_SEVERITY = 13;
const ERROR_SEVERITY = 17;
/** Above the highest severity: everything is held. */
export const MAX_HOLD_BELOW_SEVERITY = 25;

const OPTIONS: readonly (keyof RingBufferLogRecordProcessorOptions)[] = [
  'delegate',
  'untriggered',
  'mode',
  'holdBelowSeverity',
  'triggerMinSeverity',
  'isTrigger',
  'scopeKey',
  'ttlMillis',
  'passThroughMillis',
  'maxRecords',
  'maxBytes',
  'maxRecordsPerScope',
  'maxBytesPerScope',
  'maxScopes',
  'onBackpressure',
  'backpressureThreshold',
  'selfObsMeterProvider',
];
/** What means nothing where no record is held back, and there is one ring. */
const HOLD_OPTIONS = [
  'untriggered',
  'isTrigger',
  'passThroughMillis',
  'triggerMinSeverity',
  'holdBelowSeverity',
  'scopeKey',
  'maxRecordsPerScope',
  'maxBytesPerScope',
  'maxScopes',
] as const;

/** @throws TypeError or RangeError naming the option that is wrong. */
export function resolveRingBufferOptions(options: RingBufferLogRecordProcessorOptions): ResolvedRingBufferOptions {
  checkOptions(options);
  checkFields('', options, OPTIONS);
  const { delegate, untriggered, isTrigger, scopeKey, onBackpressure, selfObsMeterProvider } = options;
  checkProcessor('delegate', delegate);
  if (untriggered !== undefined) checkProcessor('untriggered', untriggered);
  checkFunction('isTrigger', isTrigger);
  checkFunction('scopeKey', scopeKey);
  checkFunction('onBackpressure', onBackpressure);
  checkMeterProvider(selfObsMeterProvider);
  const mode = resolveMode(options);
  const maxRecords = checkInteger('maxRecords', options.maxRecords ?? 10_000, { min: 1 });
  const maxBytes = checkInteger('maxBytes', options.maxBytes ?? 16 * 1024 * 1024, { min: 1 });
  // Copies are all in one ring.
  const { maxRecordsPerScope = mode === 'copy' ? maxRecords : 1000 } = options;
  const { maxBytesPerScope = mode === 'copy' ? maxBytes : 1024 * 1024 } = options;
  return {
    delegate,
    untriggered,
    isTrigger,
    scopeKey,
    onBackpressure,
    selfObsMeterProvider,
    mode,
    ...resolveSeverities(options),
    ttlMillis: resolveTimeToLive(options, mode),
    passThroughMillis: checkTimerMillis('passThroughMillis', options.passThroughMillis ?? 10_000),
    maxRecords,
    maxBytes,
    // A scope cannot hold more than all of them together.
    maxRecordsPerScope: Math.min(checkInteger('maxRecordsPerScope', maxRecordsPerScope, { min: 1 }), maxRecords),
    maxBytesPerScope: Math.min(checkInteger('maxBytesPerScope', maxBytesPerScope, { min: 1 }), maxBytes),
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
  const holdBelowSeverity = checkInteger(
    'holdBelowSeverity',
    options.holdBelowSeverity ?? DEFAULT_HOLD_BELOW_SEVERITY,
    {
      min: 2,
      max: MAX_HOLD_BELOW_SEVERITY,
    },
  );
  // A trigger of a severity that is held would release itself: where the default would be one, it gives way.
  const { triggerMinSeverity = holdBelowSeverity > ERROR_SEVERITY ? Infinity : ERROR_SEVERITY } = options;
  return {
    holdBelowSeverity,
    triggerMinSeverity: checkMinSeverity('triggerMinSeverity', triggerMinSeverity, holdBelowSeverity),
  };
}

function resolveTimeToLive({ ttlMillis }: RingBufferLogRecordProcessorOptions, mode: 'hold' | 'copy'): number {
  if (ttlMillis === undefined && mode === 'copy') return Infinity;
  return checkTimerMillis('ttlMillis', ttlMillis ?? 30_000, 1);
}

function resolveThreshold(value: number): number {
  const threshold = checkNumber('backpressureThreshold', value, { max: 1 });
  if (threshold > 0) return threshold;
  throw new RangeError(optionMessage('backpressureThreshold', 'greater than 0', threshold));
}
