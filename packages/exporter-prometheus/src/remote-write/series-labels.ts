import { checkString, optionMessage } from '@spillway/core';

import { checkSharedLabelName } from '../rules/label-name.ts';
import { safeText } from '../rules/safe-text.ts';
import type { Label } from '../store/family-snapshot.ts';

const INSTANCE = 'instance';
const RULE = 'an object of valid label names that Prometheus does not reserve';

/**
 * The labels of all series: those given, and an `instance` that tells this process from others.
 * @param metricLabels names of labels that metrics have
 * @throws TypeError or RangeError naming what is wrong.
 */
export function resolveSeriesLabels(
  field: string,
  labels: Readonly<Record<string, string>> = {},
  metricLabels: ReadonlySet<string>,
): readonly Label[] {
  if (typeof labels !== 'object' || labels === null) {
    throw new TypeError(optionMessage(field, 'an object of names and values', labels));
  }
  for (const [name, value] of Object.entries(labels)) {
    checkSharedLabelName(field, name, RULE, metricLabels);
    if (name !== INSTANCE || value !== '') checkString(`${field}.${name}`, value);
  }
  const all = { [INSTANCE]: ownInstance(), ...labels };
  return Object.entries(all).flatMap(([name, value]): Label[] => (value === '' ? [] : [[name, safeText(value)]]));
}

/** Host name and process id: two processes that send at the same time differ in one of them, also behind one address. */
function ownInstance(): string {
  return `${process.getBuiltinModule('node:os').hostname()}:${process.pid}`;
}
