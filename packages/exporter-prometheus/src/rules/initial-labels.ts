import { type FieldSource, optionMessage, SEVERITY_NAMES } from '@spillway/core';

import { type LabelSource, OTHER_VALUE } from './label-source.ts';
import { safeText } from './safe-text.ts';
import type { MetricRule } from './metric-rule.ts';

/** Label values of the series that exist from the start, in the order of the labels. */
export function resolveInitialLabels(
  field: string,
  init: MetricRule['init'],
  labels: readonly LabelSource[],
): (readonly string[])[] {
  if (init === undefined) return [];
  if (!Array.isArray(init)) throw new TypeError(optionMessage(field, 'a list of label sets', init));
  return init.map((set: Readonly<Record<string, string>>, index) => resolveSet(`${field}[${index}]`, set, labels));
}

function resolveSet(
  field: string,
  set: Readonly<Record<string, string>>,
  labels: readonly LabelSource[],
): readonly string[] {
  if (typeof set !== 'object' || set === null) throw new TypeError(optionMessage(field, 'an object of labels', set));
  const stranger = Object.keys(set).find((name) => labels.every((label) => label.name !== name));
  if (stranger !== undefined) throw new RangeError(optionMessage(field, 'a set of the labels of its metric', stranger));
  return labels.map((label) => resolveInitialValue(`${field}.${label.name}`, set[label.name], label));
}

/** A series that no record can ever count in would only look as if it were watched. */
function resolveInitialValue(field: string, value: unknown, label: LabelSource): string {
  if (value === undefined && label.fallback === '') return '';
  const possible = possibleValues(label);
  const rule = possible === undefined ? 'a text that is not empty' : `one of ${possible.join(', ')}`;
  if (typeof value !== 'string') throw new TypeError(optionMessage(field, rule, value));
  if (value === '' || possible?.includes(value) === false) throw new RangeError(optionMessage(field, rule, value));
  return safeText(value);
}

function possibleValues({ source, map, allowed, fallback }: LabelSource): readonly string[] | undefined {
  const own = map === undefined ? severities(source) : undefined;
  const known = allowed === undefined ? own : [...allowed, OTHER_VALUE];
  return known === undefined || fallback === undefined || fallback === '' ? known : [...known, fallback];
}

function severities({ field }: FieldSource): readonly string[] | undefined {
  return field === 'severity' ? SEVERITY_NAMES : undefined;
}
