import { type PlainValue, toPlainValue } from '@spillway/core';

import type { SizeBudget } from './size-budget.ts';

/** What stands for the rest of a value that is too large, as in `toPlainValue`. */
const TRUNCATED = '[Truncated]';
/** Base64 of more is cut anyway, and need not be made. */
const MAX_BASE64_BYTES = 3 * 2 ** 17;

/**
 * A copy of any value that JSON can have and everybody can read: plain, within the budget, texts and names well-formed,
 * bytes as base64, and numbers that JSON has not as their names. Never throws.
 */
export function boundedValue(value: unknown, budget: SizeBudget): PlainValue {
  return bounded(toPlainValue(value), budget);
}

function bounded(value: PlainValue, budget: SizeBudget): PlainValue {
  budget.spendValue();
  if (typeof value === 'string') return budget.spendText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return budget.spendText(base64(value));
  return Array.isArray(value) ? boundedList(value, budget) : boundedEntries(value, budget);
}

function boundedList(list: readonly PlainValue[], budget: SizeBudget): PlainValue[] {
  const copy: PlainValue[] = [];
  for (const item of list) {
    if (budget.isSpent) {
      copy.push(TRUNCATED);
      break;
    }
    copy.push(bounded(item, budget));
  }
  return copy;
}

function boundedEntries(source: { readonly [key: string]: PlainValue }, budget: SizeBudget): PlainValue {
  const entries: [string, PlainValue][] = [];
  for (const key of Object.keys(source)) {
    if (budget.isSpent) {
      entries.push(['…', TRUNCATED]);
      break;
    }
    entries.push([budget.spendText(key), bounded(source[key] as PlainValue, budget)]);
  }
  // Defines properties: to assign one that is called `__proto__` would do something else.
  return Object.fromEntries(entries);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, MAX_BASE64_BYTES)).toString('base64');
}
