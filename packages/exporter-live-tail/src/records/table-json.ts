import { toPlainValue, wellFormed } from '@spillway/core';

import { BoundedJson } from './bounded-json.ts';

/** JSON, and whether it is less than what it was made of. */
export interface EncodedValue {
  readonly json: string;
  readonly isCut: boolean;
}

/** A character takes 6 bytes at most, as `\u0000` does. */
const MAX_BYTES_PER_UNIT = 6;
const MAX_SCALAR_UNITS = 24;
/** Where not all attributes fit, each gets at most this part of the room that is left. */
const SHARE = 0.5;

const EMPTY: EncodedValue = { json: '{}', isCut: false };

/** JSON of any value, of at most so many bytes. */
export function encodeValue(value: unknown, maxBytes: number): EncodedValue {
  const writer = new BoundedJson(maxBytes);
  const json = writer.write(toPlainValue(value));
  return { json, isCut: writer.isCut };
}

/** JSON of a table of attributes, of at most so many bytes: where it does not fit, large values are cut first. */
export function encodeTable(table: unknown, maxBytes: number): EncodedValue {
  if (typeof table !== 'object' || table === null) return EMPTY;
  if (isSimple(table as Readonly<Record<string, unknown>>, maxBytes))
    return { json: JSON.stringify(table), isCut: false };
  const plain = toPlainValue(table);
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain) || plain instanceof Uint8Array) return EMPTY;
  const writer = new BoundedJson(maxBytes);
  const json = writer.write(plain);
  return writer.isCut ? { json: shareRoom(Object.entries(plain), maxBytes), isCut: true } : { json, isCut: false };
}

function shareRoom(entries: readonly (readonly [string, ReturnType<typeof toPlainValue>])[], maxBytes: number): string {
  let leftBytes = maxBytes - 2;
  const parts: string[] = [];
  for (const entry of entries) {
    const one = new BoundedJson(Math.floor(leftBytes * SHARE));
    const json = one.write(Object.fromEntries([entry])).slice(1, -1);
    if (json === '') continue;
    parts.push(json);
    leftBytes -= Buffer.byteLength(json) + 1;
  }
  return `{${parts.join(',')}}`;
}

/** Whether there is nothing in it that needs care: nearly all tables, in a fifth of the time. */
function isSimple(table: Readonly<Record<string, unknown>>, maxBytes: number): boolean {
  let units = 2;
  for (const key of Object.keys(table)) {
    const value = table[key];
    units += key.length;
    if (typeof value === 'string') {
      if (wellFormed(value) !== value) return false;
      units += value.length;
    } else if (typeof value === 'number' ? !Number.isFinite(value) : typeof value !== 'boolean') return false;
    else units += MAX_SCALAR_UNITS;
  }
  return units * MAX_BYTES_PER_UNIT <= maxBytes && typeof table['toJSON'] !== 'function';
}
