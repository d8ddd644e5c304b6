import type { AdoptionRequest } from '../outbox.ts';
import { isHead } from './payload-rows.ts';
import type { FoundHead } from './stored-rows.ts';

/** What there is of one backend in a session. */
export interface Share {
  readonly payloads: number;
  readonly bytes: number;
  /** When the oldest was taken, in milliseconds since the epoch. */
  readonly oldestTakenAtMillis: number;
}

/** Of what this version cannot send, the backend is undefined. */
export type Shares = ReadonlyMap<string | undefined, Share>;

const NOTHING: Share = { payloads: 0, bytes: 0, oldestTakenAtMillis: Infinity };

export function sharesOf(found: readonly FoundHead[]): Shares {
  const shares = new Map<string | undefined, Share>();
  for (const { head } of found) {
    const backend = backendOf(head);
    const share = shares.get(backend) ?? NOTHING;
    shares.set(backend, {
      payloads: share.payloads + 1,
      bytes: share.bytes + (isHead(head) ? head.bytes : 0),
      oldestTakenAtMillis: Math.min(share.oldestTakenAtMillis, takenAtMillisOf(head)),
    });
  }
  return shares;
}

/** What there is in all that a condition is true for. */
export function sumOf(shares: Shares, isCounted: (backend: string | undefined) => boolean): Share {
  let sum = NOTHING;
  for (const [backend, { payloads, bytes, oldestTakenAtMillis }] of shares) {
    if (!isCounted(backend)) continue;
    sum = {
      payloads: sum.payloads + payloads,
      bytes: sum.bytes + bytes,
      oldestTakenAtMillis: Math.min(sum.oldestTakenAtMillis, oldestTakenAtMillis),
    };
  }
  return sum;
}

/** The backend that can send it; undefined where this version cannot. */
export function backendOf(head: unknown): string | undefined {
  return isHead(head) ? head.backendId : undefined;
}

/** A later version may have put what this one cannot send; what says no time at all is nobody's. */
export function takenAtMillisOf(head: unknown): number {
  const millis: unknown = typeof head === 'object' && head !== null ? Reflect.get(head, 'takenAtMillis') : undefined;
  return typeof millis === 'number' && Number.isFinite(millis) ? millis : -Infinity;
}

/** Room for what is taken over. */
export class Room {
  #maxBytes: number;
  #maxPayloads: number;
  #isEmpty: boolean;
  #isFull = false;

  constructor({ maxBytes, maxPayloads, isEmpty }: AdoptionRequest) {
    this.#maxBytes = maxBytes;
    this.#maxPayloads = maxPayloads;
    this.#isEmpty = isEmpty;
  }

  /** Whether there is room for it. If not, there is none for anything younger either, or it might wait for ever. */
  offers({ payloads, bytes }: Pick<Share, 'payloads' | 'bytes'>): boolean {
    if (payloads === 0) return false;
    this.#isFull ||= !this.#isEmpty && (bytes > this.#maxBytes || payloads > this.#maxPayloads);
    return !this.#isFull;
  }

  take({ payloads, bytes }: Pick<Share, 'payloads' | 'bytes'>): void {
    this.#maxBytes -= bytes;
    this.#maxPayloads -= payloads;
    this.#isEmpty = false;
  }
}
