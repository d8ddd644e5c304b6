import type { Label } from '../store/family-snapshot.ts';
import { utf8Bytes } from '@spillway/core';

import { writeUtf8 } from './utf8.ts';
import { fieldBytes, writeVarint } from './varint.ts';

/** Field 1 of `TimeSeries` and of `Exemplar`: `repeated Label labels`. */
const LABEL_TAG = 0x0a;
/** Fields 1 and 2 of `Label`. */
const NAME_TAG = 0x0a;
const VALUE_TAG = 0x12;

const MAX_BYTES_PER_UNIT = 3;
/** Three tags and three lengths of at most 5 bytes. */
const MAX_FRAME_BYTES = 18;

/** Where labels are written until their size is known. */
const room = new Uint8Array(4096);

/**
 * Labels as remote write wants them: sorted by name, each name once, none without a value. Of equal names the last one
 * counts. A receiver checks none of this for us: some store what it breaks, some answer 500 for ever.
 * @see https://prometheus.io/docs/specs/prw/remote_write_spec/#labels (read 2026-11-21)
 */
export function labelSet(labels: readonly Label[]): readonly Label[] {
  const sorted: Label[] = [];
  // By insertion: labels are few, and come nearly sorted.
  for (const label of labels) {
    if (label[1] === '') continue;
    let place = sorted.length;
    while (place > 0 && (sorted[place - 1] as Label)[0] > label[0]) place -= 1;
    const isTaken = place > 0 && (sorted[place - 1] as Label)[0] === label[0];
    if (isTaken) sorted[place - 1] = label;
    else sorted.splice(place, 0, label);
  }
  return sorted;
}

/** The labels as they stand in a request, in a series and in an exemplar alike. */
export function encodeLabels(labels: readonly Label[]): Uint8Array<ArrayBuffer> {
  let maxBytes = 0;
  for (const [name, value] of labels) maxBytes += MAX_FRAME_BYTES + MAX_BYTES_PER_UNIT * (name.length + value.length);
  const target = maxBytes <= room.length ? room : new Uint8Array(maxBytes);
  let at = 0;
  for (const [name, value] of labels) at = writeLabel(target, at, name, value);
  return target.slice(0, at);
}

function writeLabel(target: Uint8Array, start: number, name: string, value: string): number {
  const nameBytes = utf8Bytes(name);
  const valueBytes = utf8Bytes(value);
  target[start] = LABEL_TAG;
  const at = writeVarint(target, start + 1, fieldBytes(nameBytes) + fieldBytes(valueBytes));
  return writeText(target, writeText(target, at, NAME_TAG, name, nameBytes), VALUE_TAG, value, valueBytes);
}

function writeText(target: Uint8Array, start: number, tag: number, text: string, bytes: number): number {
  target[start] = tag;
  const at = writeVarint(target, start + 1, bytes);
  writeUtf8(target, at, text, bytes);
  return at + bytes;
}
