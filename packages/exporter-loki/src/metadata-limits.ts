import { shortenLabelName } from './label-name.ts';
import { MAX_METADATA_BYTES, MAX_METADATA_PAIRS } from './loki-limits.ts';
import type { MetadataPair, MetadataSource } from './structured-metadata.ts';
import { utf8Bytes, wellFormed } from '@spillway/core';

import { truncateUtf8 } from './utf8.ts';

/** Metadata that Loki takes, and what had to be done for that. */
export interface FittedMetadata {
  readonly pairs: readonly MetadataPair[];
  /** How many pairs were left out. */
  readonly omittedCount: number;
  /** Whether values were cut. */
  readonly isTruncated: boolean;
}

/** Which pairs are kept first when there are too many: what says what happened and where, then what the application added. */
const IMPORTANCE: Record<MetadataSource, number> = { mark: 0, builtin: 1, resource: 2, scope: 3, log: 4 };

/** Kept free for the marks that say what was cut or left out. */
const MARK_PAIRS = 2;
const MARK_BYTES = 128;

/** A pair is left out rather than cut to less than this. */
const MIN_VALUE_BYTES = 32;

interface SizedPair extends MetadataPair {
  readonly nameBytes: number;
  readonly valueBytes: number;
}

/** Cuts metadata to what Loki takes: pairs in order of importance, the longest values cut alike. */
export function fitMetadata(pairs: readonly MetadataPair[]): FittedMetadata {
  if (pairs.length <= MAX_METADATA_PAIRS && isSmall(pairs)) return { pairs, omittedCount: 0, isTruncated: false };
  const sized = pairs.map((pair) => sizePair(pair));
  const bytes = pairs.reduce((sum, pair, index) => sum + pair.name.length + (sized[index] as SizedPair).valueBytes, 0);
  if (pairs.length <= MAX_METADATA_PAIRS && bytes <= MAX_METADATA_BYTES) {
    return { pairs, omittedCount: 0, isTruncated: false };
  }
  const kept = keepImportant(sized);
  const limit = valueLimit(kept);
  return {
    pairs: kept.map((pair) => (pair.valueBytes > limit ? { ...pair, value: truncateUtf8(pair.value, limit) } : pair)),
    omittedCount: pairs.length - kept.length,
    isTruncated: kept.some((pair) => pair.valueBytes > limit),
  };
}

/** Spares most records the exact count: a UTF-16 unit is three bytes at most. */
function isSmall(pairs: readonly MetadataPair[]): boolean {
  const units = pairs.reduce((sum, pair) => sum + pair.name.length + pair.value.length, 0);
  return units * 3 <= MAX_METADATA_BYTES;
}

/** A value far over the limit is cut before it is measured. */
function sizePair({ name, value, source }: MetadataPair): SizedPair {
  const shortName = shortenLabelName(name);
  const shortValue = wellFormed(value.slice(0, MAX_METADATA_BYTES + 1));
  return {
    name: shortName,
    value: shortValue,
    source,
    nameBytes: utf8Bytes(shortName),
    valueBytes: utf8Bytes(shortValue),
  };
}

function keepImportant(pairs: readonly SizedPair[]): SizedPair[] {
  const kept: SizedPair[] = [];
  let bytes = MARK_BYTES;
  for (const pair of pairs.toSorted((left, right) => IMPORTANCE[left.source] - IMPORTANCE[right.source])) {
    const minBytes = pair.nameBytes + Math.min(pair.valueBytes, MIN_VALUE_BYTES);
    if (kept.length >= MAX_METADATA_PAIRS - MARK_PAIRS || bytes + minBytes > MAX_METADATA_BYTES) continue;
    kept.push(pair);
    bytes += minBytes;
  }
  return kept;
}

/** The longest a value may be so that all of them fit: short ones keep their length, the long ones share what is left. */
function valueLimit(pairs: readonly SizedPair[]): number {
  let left = MAX_METADATA_BYTES - MARK_BYTES - pairs.reduce((sum, pair) => sum + pair.nameBytes, 0);
  const lengths = pairs.map((pair) => pair.valueBytes).toSorted((one, other) => one - other);
  for (const [index, length] of lengths.entries()) {
    const share = Math.floor(left / (lengths.length - index));
    if (length > share) return share;
    left -= length;
  }
  return MAX_METADATA_BYTES;
}
