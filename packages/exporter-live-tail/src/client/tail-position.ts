import type { LiveTailEvent, LiveTailGap, LiveTailHello } from './live-tail-event.ts';

interface Greeting {
  /** Whether the server is another one than before. */
  readonly restarted: boolean;
  readonly missed: LiveTailGap | undefined;
}

/** Up to where a client has followed a tail, so that it comes back to the same place and sees each record once. */
export class TailPosition {
  readonly #recent: number | undefined;
  #epoch: string | undefined;
  /** Of the last record that was seen, told to be missing, or not wanted; -1 before the first. */
  #offset = -1;

  /** @param recent how many of the records before the first connection are wanted; all that the server keeps by default */
  constructor(recent: number | undefined) {
    this.#recent = recent;
  }

  /** Value of `Last-Event-ID`, where there is something to come back to. */
  get lastEventId(): string | undefined {
    return this.#epoch === undefined || this.#offset < 0 ? undefined : `${this.#epoch}-${this.#offset}`;
  }

  /** Query of the next request. What was logged since the first connection is wanted whole. */
  get query(): string {
    return this.#recent === undefined || this.#epoch !== undefined ? '' : `?recent=${this.#recent}`;
  }

  /**
   * Notes a new connection, and says what was missed before it, where the server cannot say it: nobody can ask for what comes
   * after -1.
   */
  greet({ epoch, oldest, next }: LiveTailHello): Greeting {
    const isFirst = this.#epoch === undefined;
    const restarted = !isFirst && epoch !== this.#epoch;
    this.#epoch = epoch;
    if (isFirst) this.#offset = Math.max(oldest, next - (this.#recent ?? Infinity)) - 1;
    if (restarted) this.#offset = -1;
    if (isFirst || this.#offset >= 0 || oldest <= 0) return { restarted, missed: undefined };
    return { restarted, missed: { from: 0, to: oldest - 1, count: oldest, reason: 'expired' } };
  }

  /** Notes an event. False where it is one that was seen before. */
  advance({ type, data }: LiveTailEvent): boolean {
    if (type !== 'record' && type !== 'gap') return true;
    const offset = type === 'record' ? data.offset : data.to;
    if (offset <= this.#offset) return false;
    this.#offset = offset;
    return true;
  }
}
