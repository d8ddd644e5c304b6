import type { Writable } from 'node:stream';

/** What an answer of `node:http` and a socket have in common. */
export type OutflowStream = Pick<
  Writable,
  'cork' | 'uncork' | 'writableLength' | 'writableHighWaterMark' | 'destroyed' | 'once' | 'off'
>;

/**
 * Watches what is written to a stream: all that is written in a turn of the event loop is one system call, and nothing is
 * written while the client does not read, so that what waits in the stream stays below its high-water mark and one record.
 */
export class Outflow {
  readonly #stream: OutflowStream;
  #isCorked = false;
  #draining: Promise<void> | undefined;
  #blockedSince: number | undefined;

  readonly #uncork = (): void => {
    if (!this.#isCorked) return;
    this.#isCorked = false;
    this.#stream.uncork();
  };

  constructor(stream: OutflowStream) {
    this.#stream = stream;
  }

  /** Whether there is no room: what may be left out is left out. */
  get isFull(): boolean {
    return this.#stream.writableLength >= this.#stream.writableHighWaterMark;
  }

  /** Whether everything has left the process. */
  get isEmpty(): boolean {
    return this.#stream.writableLength === 0;
  }

  /** Something is about to be written. */
  begin(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    this.#stream.cork();
    process.nextTick(this.#uncork);
  }

  /** Undefined where there is room for more; else resolves when there is, or the stream has ended. */
  room(): Promise<void> | undefined {
    if (!this.isFull) return undefined;
    this.#uncork();
    // What the system takes at once has left.
    if (!this.isFull || this.#stream.destroyed) return undefined;
    this.#draining ??= this.#drain();
    return this.#draining;
  }

  /** For how long nothing has left, though something waits. */
  blockedMillis(now: number): number {
    return this.#blockedSince === undefined ? 0 : now - this.#blockedSince;
  }

  /** Something is written that may leave no sooner than the client reads. Answers what to call when it has left. */
  watchWrite(now: number): () => void {
    this.#blockedSince ??= now;
    return () => {
      if (this.#draining === undefined) this.#blockedSince = undefined;
    };
  }

  async #drain(): Promise<void> {
    this.#blockedSince ??= performance.now();
    const stream = this.#stream;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stream.off('drain', done);
        stream.off('close', done);
        resolve();
      };
      stream.once('drain', done);
      stream.once('close', done);
    });
    this.#draining = undefined;
    this.#blockedSince = undefined;
  }
}
