import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { scalarText } from '@spillway/core';

import { MAX_FIELD_CHARACTERS } from './event-limits.ts';
import { readField } from './read-field.ts';
import { shorten } from './shorten-text.ts';

/** In the order in which they tell best what is affected. */
const SOURCES = ['host.name', 'service.instance.id', 'service.name'];
const UNKNOWN_HOST = 'unknown';

/** What is affected: `host.name`, `service.instance.id` or `service.name` of the resource, else the machine. Never throws. */
export function sourceOf(record: ReadableLogRecord, machine: string): string {
  const name = SOURCES.map((key) => resourceName(record, key)).find((text) => text !== undefined);
  return name ?? shorten(machine, MAX_FIELD_CHARACTERS);
}

/** The name of the machine that this runs on. Never throws. */
export function machineName(): string {
  try {
    return fieldText(process.getBuiltinModule('node:os').hostname()) ?? UNKNOWN_HOST;
  } catch {
    return UNKNOWN_HOST;
  }
}

/** A name that the resource has, shortened. Never throws. */
export function resourceName(record: ReadableLogRecord, key: string): string | undefined {
  const name = fieldText(readField(readField(readField(record, 'resource'), 'attributes'), key));
  return name === undefined ? undefined : shorten(name, MAX_FIELD_CHARACTERS);
}

export function attributeText(record: ReadableLogRecord, key: string): string | undefined {
  return fieldText(readField(readField(record, 'attributes'), key));
}

/** Text of a value that has one; undefined where it is blank. */
export function fieldText(value: unknown): string | undefined {
  const text = scalarText(value);
  return text !== undefined && /\S/.test(text) ? text : undefined;
}
