import { type PlainValue, toPlainValue } from '@spillway/core';

import { labelName } from './label-name.ts';
import { isPlainMap, valueText } from './value-text.ts';

/** Told each pair that attributes come to, in their order. */
export type PairSink = (name: string, value: string) => void;

/** The pairs of a table of attributes: names as Loki has them, maps flattened to `parent_child`. Never throws. */
export function attributePairs(attributes: unknown, sink: PairSink, isSkipped?: (key: string) => boolean): void {
  const plain = toPlainValue(attributes ?? {});
  if (!isPlainMap(plain)) {
    // Not a table at all, or one that throws when it is read: what there is to say about it is kept.
    sink('attributes', valueText(plain));
    return;
  }
  for (const key of Object.keys(plain)) {
    if (isSkipped?.(key) !== true) valuePairs(key, plain[key] as PlainValue, sink);
  }
}

/** The pairs of one attribute: one, or as many as a map has leaves. */
export function valuePairs(key: string, value: PlainValue, sink: PairSink): void {
  const name = labelName(key);
  if (!isPlainMap(value)) {
    sink(name, valueText(value));
    return;
  }
  for (const child of Object.keys(value)) valuePairs(`${name}_${child}`, value[child] as PlainValue, sink);
}
