import { optionMessage } from '@spillway/core';

import type { LabelOrigin } from './metric-rule.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const NOT_ALPHANUMERIC = /[^A-Za-z0-9]+/g;
const LEADING_DIGIT = /^[0-9]/;

/** Names that mean something to Prometheus, wherever a label comes from. */
const MEANINGFUL = /^(?:__.*|le|quantile)$/;

/** Of buckets and quantiles, and those that Prometheus gives what it scrapes. */
const RESERVED: ReadonlySet<string> = new Set(['le', 'quantile', 'job', 'instance']);
const RESERVED_NAMES = `${[...RESERVED].map((name) => `\`${name}\``).join(', ')} and what begins with \`__\``;

/**
 * Name of a label after its origin: each run of other characters becomes one `_`, a leading digit gets `key_`, as in the
 * metrics that OpenTelemetry hands to Prometheus. Throws where that would be a name that Prometheus has for itself.
 * @see https://github.com/prometheus/otlptranslator/blob/main/label_namer.go (read 2026-11-21)
 */
export function nameOfOrigin(field: string, from: LabelOrigin): string {
  if (from === 'eventName') return 'event_name';
  const key = from.slice(from.indexOf('.') + 1);
  const name = key.replace(NOT_ALPHANUMERIC, '_');
  // `__name__` would be `_name_`, which nobody who asks for it would look for.
  if (key.startsWith('__') || RESERVED.has(name)) {
    const rule = `another origin, or to have \`as\` beside it: Prometheus has ${RESERVED_NAMES} for itself`;
    throw new RangeError(optionMessage(field, rule, from));
  }
  return LEADING_DIGIT.test(name) ? `key_${name}` : name;
}

/** Returns `name` if a label of a metric can have it, else throws. */
export function checkLabelName(field: string, name: unknown): string {
  const rule = `a name of letters, digits and \`_\` that begins with no digit; Prometheus has ${RESERVED_NAMES} for itself`;
  if (typeof name !== 'string') throw new TypeError(optionMessage(field, rule, name));
  if (NAME.test(name) && !name.startsWith('__') && !RESERVED.has(name)) return name;
  throw new RangeError(optionMessage(field, rule, name));
}

/**
 * Throws where `name` cannot be a label that all series of a process share.
 * @param rule what names there may be, in words
 * @param metricLabels names of labels that metrics have: a shared label would replace them, and series become one
 */
export function checkSharedLabelName(
  field: string,
  name: string,
  rule: string,
  metricLabels: ReadonlySet<string>,
): void {
  if (!NAME.test(name) || MEANINGFUL.test(name)) throw new RangeError(optionMessage(field, rule, name));
  if (metricLabels.has(name)) {
    throw new RangeError(optionMessage(field, 'an object of label names that no metric has', name));
  }
}
