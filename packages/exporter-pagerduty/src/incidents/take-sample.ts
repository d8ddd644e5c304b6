import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { effectiveSeverity, type PlainValue } from '@spillway/core';

import { boundedValue } from '../events/bounded-value.ts';
import { readField } from '../events/read-field.ts';
import { SizeBudget } from '../events/size-budget.ts';
import { withoutUndefined } from '../events/without-undefined.ts';
import type { RecordSample } from './record-sample.ts';

/** Enough for a stack of 40 frames. */
const MAX_TEXT_CHARACTERS = 4096;
const MAX_ATTRIBUTES = 64;
/** Five samples of an incident are then well within the 512,000 bytes of an event. */
const MAX_SAMPLE_BYTES = 32 * 1024;
/** A body that is a data dump leaves room for the attributes. */
const MAX_BODY_BYTES = MAX_SAMPLE_BYTES / 2;

/** Not all zeros, which OTel has for no trace and no span. */
const TRACE_ID = /^(?!0+$)[0-9a-f]{32}$/i;
const SPAN_ID = /^(?!0+$)[0-9a-f]{16}$/i;

/**
 * What is kept of a record: plain data of its own, of about 32 KiB at most. Texts are cut to 4,096 UTF-16 units, attributes
 * to the first 64. Never throws: what cannot be read is left out.
 */
export function takeSample(record: ReadableLogRecord): RecordSample {
  const bodyBudget = new SizeBudget(MAX_TEXT_CHARACTERS, MAX_BODY_BYTES);
  const body = readField(record, 'body');
  const sampleBody = body === undefined || body === null ? undefined : boundedValue(body, bodyBudget);
  const budget = new SizeBudget(MAX_TEXT_CHARACTERS, MAX_SAMPLE_BYTES - MAX_BODY_BYTES + bodyBudget.bytesLeft);
  const spanContext = readField(record, 'spanContext');
  return withoutUndefined<RecordSample>({
    timeMillis: recordMillis(record),
    severityNumber: severityNumberOf(readField(record, 'severityNumber')),
    eventName: ownText(readField(record, 'eventName'), budget),
    body: sampleBody,
    scope: ownText(readField(readField(record, 'instrumentationScope'), 'name'), budget),
    attributes: sampleAttributes(readField(record, 'attributes'), budget),
    traceId: idText(readField(spanContext, 'traceId'), TRACE_ID),
    spanId: idText(readField(spanContext, 'spanId'), SPAN_ID),
  });
}

/** When a record happened, or else was observed, in milliseconds since the epoch; 0 where neither is known. Never throws. */
function recordMillis(record: ReadableLogRecord): number {
  return millisOf(readField(record, 'hrTime')) ?? millisOf(readField(record, 'hrTimeObserved')) ?? 0;
}

function millisOf(hrTime: unknown): number | undefined {
  const [seconds, nanos] = [readField(hrTime, '0'), readField(hrTime, '1')];
  if (typeof seconds !== 'number' || typeof nanos !== 'number') return undefined;
  // The sum of both parts in milliseconds would round up just before the next one.
  const millis = seconds * 1000 + Math.floor(nanos / 1e6);
  return Number.isSafeInteger(millis) && millis > 0 ? millis : undefined;
}

/** 0 is that of a record that has none. */
function severityNumberOf(severityNumber: unknown): number {
  return typeof severityNumber === 'number' && severityNumber >= 1 ? effectiveSeverity(severityNumber) : 0;
}

function sampleAttributes(attributes: unknown, budget: SizeBudget): RecordSample['attributes'] | undefined {
  const entries: [string, PlainValue][] = [];
  for (const key of keysOf(attributes)) {
    if (budget.isSpent || entries.length === MAX_ATTRIBUTES) break;
    const value = readField(attributes, key);
    if (value !== undefined) entries.push([budget.spendText(key), boundedValue(value, budget)]);
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function keysOf(attributes: unknown): readonly string[] {
  try {
    return typeof attributes === 'object' && attributes !== null ? Object.keys(attributes) : [];
  } catch {
    return [];
  }
}

function ownText(text: unknown, budget: SizeBudget): string | undefined {
  return typeof text === 'string' && text !== '' ? budget.spendText(text) : undefined;
}

/** A copy too: an id is often a part of a header. */
function idText(id: unknown, form: RegExp): string | undefined {
  return typeof id === 'string' && form.test(id) ? Buffer.from(id.toLowerCase()).toString() : undefined;
}
