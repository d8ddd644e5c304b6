import type { RecentRecords } from '../records/recent-records.ts';

/** Where a client wants to begin, as it says. */
export interface StartRequest {
  /** The last record that it has. */
  readonly last?: { readonly epoch: string; readonly offset: number } | undefined;
  /** How many recent records it wants. @defaultValue all that are kept */
  readonly recent?: number | undefined;
}

/** Where a client begins. */
export interface StartPoint {
  /** Offset of the first record for it. */
  readonly first: number;
  /** Offset of the first record that it should have got; below `first` where some are gone. */
  readonly missingFrom: number;
}

const EVENT_ID = /^([\da-f]{1,64})-(\d{1,15})$/;
const DIGITS = /^\d{1,15}$/;

/** Reads the header `Last-Event-ID`, and the query, as the two transports have it. What is none of it is ignored. */
export function readStartRequest(lastEventId: string | undefined, query: URLSearchParams): StartRequest {
  const [, epoch = query.get('epoch') ?? '', offset = query.get('offset') ?? ''] =
    EVENT_ID.exec(lastEventId ?? '') ?? [];
  const recent = query.get('recent') ?? '';
  return {
    last: DIGITS.test(offset) ? { epoch, offset: Number(offset) } : undefined,
    recent: DIGITS.test(recent) ? Number(recent) : undefined,
  };
}

/** Where a client begins for whom the oldest record is `oldest`. */
export function startPointOf(
  { last, recent: wanted = Infinity }: StartRequest,
  { oldest, next, epoch }: Pick<RecentRecords, 'oldest' | 'next' | 'epoch'>,
): StartPoint {
  // An offset of another server, or one that is yet to come, says nothing.
  if (last !== undefined && last.epoch === epoch && last.offset < next) {
    const missingFrom = last.offset + 1;
    return { first: Math.max(missingFrom, oldest), missingFrom };
  }
  const first = Math.max(oldest, next - wanted);
  return { first, missingFrom: first };
}
