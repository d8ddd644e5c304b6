import {
  checkBoolean,
  checkFields,
  checkFunction,
  checkString,
  type FieldSource,
  optionMessage,
  resolveRecordField,
} from '@spillway/core';

import { checkLabelName, nameOfOrigin } from './label-name.ts';
import { LabelSource } from './label-source.ts';
import { safeText } from './safe-text.ts';
import type { MetricLabel } from './metric-rule.ts';

/** Values of records that do not say what each record has. */
const FALLBACKS: Readonly<Partial<Record<FieldSource['field'], string>>> = {
  severity: 'UNSPECIFIED',
  scope: 'unknown',
};

const LABEL_FIELDS: readonly (keyof MetricLabel)[] = ['from', 'as', 'map', 'default', 'optional', 'values'];

/** @throws TypeError or RangeError naming what is wrong with the labels of a metric. */
export function resolveLabels(field: string, labels: readonly MetricLabel[]): LabelSource[] {
  if (!Array.isArray(labels)) throw new TypeError(optionMessage(field, 'a list', labels));
  const sources = labels.map((label: MetricLabel, index) => resolveLabel(`${field}[${index}]`, label));
  const names = sources.map(({ name }) => name);
  const clash = names.find((name, index) => names.indexOf(name) < index);
  if (clash === undefined) return sources;
  throw new RangeError(optionMessage(field, 'labels of different names; `as` tells two apart', clash));
}

function resolveLabel(field: string, label: MetricLabel): LabelSource {
  if (typeof label !== 'object' || label === null) {
    throw new TypeError(optionMessage(field, "an object, such as `{ from: 'severity' }`", label));
  }
  checkFields(`${field}.`, label, LABEL_FIELDS);
  const { from, as, map } = label;
  const source = resolveRecordField(`${field}.from`, from);
  checkFunction(`${field}.map`, map);
  return new LabelSource({
    name: as === undefined ? nameOfOrigin(`${field}.from`, from) : checkLabelName(`${field}.as`, as),
    source,
    map,
    allowed: resolveAllowed(`${field}.values`, label.values),
    fallback: resolveFallback(field, label) ?? FALLBACKS[source.field],
  });
}

function resolveFallback(field: string, label: MetricLabel): string | undefined {
  const isOptional = checkBoolean(`${field}.optional`, label.optional ?? false);
  if (label.default === undefined) return isOptional ? '' : undefined;
  if (isOptional) throw new TypeError(optionMessage(`${field}.optional`, 'absent where `default` is given', true));
  return safeText(checkString(`${field}.default`, label.default));
}

function resolveAllowed(field: string, values: readonly string[] | undefined): ReadonlySet<string> | undefined {
  if (values === undefined) return undefined;
  if (!Array.isArray(values)) throw new TypeError(optionMessage(field, 'a list of texts', values));
  if (values.length === 0) throw new RangeError(optionMessage(field, 'a list of at least one text', values));
  return new Set(values.map((value: unknown, index) => checkString(`${field}[${index}]`, value)));
}
