import type { Backend } from '../backend.ts';
import type { EncodedPayload } from '../payload.ts';

/** Less room is not worth a request. */
const MIN_FREE_BYTES = 1024;
/** Nor is less than this a second one: each cut costs time that the page may not have, and leaves pieces that are requests of their own. */
const MIN_MORE_BYTES = 8 * 1024;
/** So many requests at once are sure to leave. */
const MAX_PIECES = 4;

interface Piece {
  readonly payload: EncodedPayload;
  isPassed: boolean;
}

/**
 * Cuts payloads so that the most severe of them, and of those the newest records, fit into so many bytes: the others are
 * left in large pieces. Answers the pieces of each payload, in their order; all records are in them. Pure.
 *
 * @param payloads in the order of encoding
 * @param split cuts a payload in two, the older records first; one that throws leaves it as it is
 */
export function cutToFit(
  payloads: readonly EncodedPayload[],
  freeBytes: number,
  split: Backend['split'],
): readonly (readonly EncodedPayload[])[] {
  const wholes: Piece[][] = payloads.map((payload) => [{ payload, isPassed: false }]);
  let free = freeBytes;
  for (let fitting = 0; fitting < MAX_PIECES && free >= (fitting > 0 ? MIN_MORE_BYTES : MIN_FREE_BYTES);) {
    const pieces = bestOf(wholes);
    const index = pieces?.findLastIndex(({ isPassed }) => !isPassed) ?? -1;
    const piece = pieces?.[index];
    if (pieces === undefined || piece === undefined) break;
    const { body, recordOffsets } = piece.payload;
    if (body.byteLength <= free) {
      piece.isPassed = true;
      free -= body.byteLength;
      fitting += 1;
      continue;
    }
    const parts = recordOffsets.length > 1 ? splitSafely(piece.payload, split) : [];
    if (parts.length > 1) pieces.splice(index, 1, ...parts.map((payload) => ({ payload, isPassed: false })));
    // Nor will its neighbours fit, most likely: all of them would be cut out one by one.
    else for (const other of pieces) other.isPassed = true;
  }
  return wholes.map((pieces) => pieces.map(({ payload }) => payload));
}

/** The payload whose turn it is: the most severe one that has pieces left, of those the newest. */
function bestOf(wholes: Piece[][]): Piece[] | undefined {
  let best: Piece[] | undefined;
  let severity = -1;
  for (const pieces of wholes) {
    const left = pieces.find(({ isPassed }) => !isPassed);
    if (left === undefined || left.payload.highestSeverity < severity) continue;
    best = pieces;
    severity = left.payload.highestSeverity;
  }
  return best;
}

function splitSafely(payload: EncodedPayload, split: Backend['split']): readonly EncodedPayload[] {
  try {
    return split(payload);
  } catch {
    return [payload];
  }
}
