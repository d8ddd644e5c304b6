import {
  BackpressureWatch,
  callSafely,
  checkFunction,
  checkInteger,
  checkNumber,
  checkOneOf,
  checkOptions,
} from '@spillway/core';

import { BoundedQueue } from './bounded-queue.ts';
import { FlushRun } from './flush-run.ts';

/** Hands an item on. Where it returns a promise, that resolves when there is room for more; nothing is waited for without one. */
export type SendItem<T> = (item: T) => void | Promise<void>;

export interface ClientBufferOptions {
  /** How many items are held at most, the one that is being sent among them, 1 to 2^30. @defaultValue 1000 */
  readonly maxSize?: number;
  /** How many bytes are held at most, likewise, 1 and up. @defaultValue 8388608 (8 MiB): 1000 items of 8 KiB */
  readonly maxBytes?: number;
  /**
   * From this part of either bound on the buffer is not healthy, above 0 to 1.
   * @defaultValue 0.8: late enough for the bursts of a client that keeps up, early enough to do something
   */
  readonly backpressureThreshold?: number;
}

/** How a buffer is doing. */
export interface ClientBufferMetrics {
  /** Items held. */
  readonly buffered: number;
  readonly maxSize: number;
  readonly bytes: number;
  readonly maxBytes: number;
  /** Items that were sent, and those that gave way to later ones, since the beginning or the last `reset`. */
  readonly sent: number;
  readonly dropped: number;
  readonly healthy: boolean;
}

export type BackpressureListener = (metrics: ClientBufferMetrics) => void;

interface Entry<T> {
  readonly item: T;
  readonly send: SendItem<T>;
  readonly bytes: number;
}

const MAX_SIZE = 2 ** 30;
const DEFAULT_MAX_SIZE = 1000;
const DEFAULT_MAX_BYTES = 8 * 2 ** 20;
const DEFAULT_THRESHOLD = 0.8;
const EVENTS = ['backpressure'] as const;

/**
 * Stands between events and one client that may be slower than they are: it sends in order, one item at a time, and where the
 * client cannot keep up the oldest items are dropped and counted, but never the one that is being sent. Each operation is O(1)
 * on average.
 */
export class ClientBuffer<T> {
  readonly #maxSize: number;
  readonly #maxBytes: number;
  readonly #threshold: number;
  readonly #waiting: BoundedQueue<Entry<T>>;
  readonly #listeners = new Set<BackpressureListener>();
  #sending: Entry<T> | undefined;
  /** The item for which the bounds of what waits are lowered. */
  #reservedFor: Entry<T> | undefined;
  #run: FlushRun | undefined;
  #sent = 0;
  #dropped = 0;
  readonly #pressureWatch: BackpressureWatch;

  constructor(options: ClientBufferOptions = {}) {
    checkOptions(options);
    const { maxSize = DEFAULT_MAX_SIZE, maxBytes = DEFAULT_MAX_BYTES } = options;
    const { backpressureThreshold = DEFAULT_THRESHOLD } = options;
    this.#maxSize = checkInteger('maxSize', maxSize, { min: 1, max: MAX_SIZE });
    this.#maxBytes = checkNumber('maxBytes', maxBytes, { min: 1 });
    this.#threshold = checkNumber('backpressureThreshold', backpressureThreshold, { min: Number.MIN_VALUE, max: 1 });
    this.#pressureWatch = new BackpressureWatch(this.#threshold, () => this.#tellPressure(), ignore);
    const onDrop = (): void => void (this.#dropped += 1);
    this.#waiting = new BoundedQueue({ maxSize, maxBytes, overflow: 'drop-oldest', onDrop });
  }

  /** How many items are held, with the one that is being sent. */
  get size(): number {
    return this.#waiting.size + (this.#sending === undefined ? 0 : 1);
  }

  /** Sum of the bytes of all items held. */
  get bytes(): number {
    return this.#waiting.bytes + (this.#sending?.bytes ?? 0);
  }

  /** How many items were dropped. */
  get droppedCount(): number {
    return this.#dropped;
  }

  /** Whether the buffer is below its threshold, in items and in bytes. */
  isHealthy(): boolean {
    return this.#pressure() < this.#threshold;
  }

  getMetrics(): ClientBufferMetrics {
    return {
      buffered: this.size,
      maxSize: this.#maxSize,
      bytes: this.bytes,
      maxBytes: this.#maxBytes,
      sent: this.#sent,
      dropped: this.#dropped,
      healthy: this.isHealthy(),
    };
  }

  /**
   * Adds an item, which waits for the next flush, or for the one under way. Where it does not fit, the oldest items are
   * dropped; the item itself, where it does not fit beside the one that is being sent.
   *
   * @param bytes its size, a whole number from 0; one that is none cannot be bounded, and the item is dropped
   */
  enqueue(item: T, send: SendItem<T>, bytes = 0): void {
    this.#reserve();
    this.#waiting.push({ item, send, bytes }, bytes);
    this.#watch();
  }

  /**
   * Sends everything in order, also what is enqueued meanwhile, and resolves when nothing is left. Calls at the same time
   * share one run. Where a send throws or rejects, its item stays the first one, and the run rejects with that error. Sends
   * that return nothing all happen before this returns.
   */
  flush(): Promise<void> {
    if (this.#run !== undefined) return this.#run.done;
    if (this.#waiting.size === 0) return Promise.resolve();
    const run = new FlushRun();
    this.#run = run;
    void this.#sendAll(run);
    return run.done;
  }

  /**
   * Forgets all items and counts. A run under way resolves at once; what it is sending cannot be called back, but how that
   * ends has no effect any more.
   */
  reset(): void {
    this.#run?.resolve();
    this.#run = undefined;
    this.#sending = undefined;
    this.#waiting.clear();
    this.#sent = 0;
    this.#dropped = 0;
    this.#watch();
  }

  /**
   * Calls the listener when the threshold is reached, and again only after the buffer has been below it. What a listener
   * throws is ignored.
   */
  on(event: 'backpressure', listener: BackpressureListener): this {
    checkOneOf('event', event, EVENTS);
    checkFunction('listener', listener, false);
    this.#listeners.add(listener);
    return this;
  }

  /** Calls the listener no more. */
  off(event: 'backpressure', listener: BackpressureListener): this {
    checkOneOf('event', event, EVENTS);
    this.#listeners.delete(listener);
    return this;
  }

  /** Never rejects: the run does. */
  async #sendAll(run: FlushRun): Promise<void> {
    while (this.#run === run) {
      const entry = this.#waiting.shift();
      if (entry === undefined) break;
      this.#sending = entry;
      try {
        const sent = entry.send(entry.item);
        // Waiting for what is done already would cost each item a turn of the microtask queue.
        if (sent !== undefined) await sent;
      } catch (error) {
        if (this.#run === run) this.#putBack(entry);
        this.#end(run);
        run.reject(error);
        return;
      }
      if (this.#run !== run) return;
      this.#sending = undefined;
      this.#sent += 1;
      this.#watch();
    }
    this.#end(run);
    run.resolve();
  }

  #end(run: FlushRun): void {
    if (this.#run === run) this.#run = undefined;
  }

  /** What is being sent is out of the queue, where it would be the oldest, and leaves that much less room in it. */
  #reserve(): void {
    const entry = this.#sending;
    if (entry === this.#reservedFor) return;
    this.#reservedFor = entry;
    const [count, bytes] = entry === undefined ? [0, 0] : [1, entry.bytes];
    this.#waiting.resize({ maxSize: this.#maxSize - count, maxBytes: this.#maxBytes - bytes });
  }

  #putBack(entry: Entry<T>): void {
    this.#sending = undefined;
    this.#reserve();
    this.#waiting.unshift(entry, entry.bytes);
  }

  /** How full it is, by the bound that it is nearer to: 0 to 1. */
  #pressure(): number {
    return Math.max(this.size / this.#maxSize, this.bytes / this.#maxBytes);
  }

  #watch(): void {
    this.#pressureWatch.update(this.#pressure());
  }

  #tellPressure(): void {
    const metrics = this.getMetrics();
    for (const listener of this.#listeners) callSafely(() => listener(metrics), ignore);
  }
}

const ignore = (): void => {};
