import { ClientBuffer, type ClientBufferMetrics, type ClientBufferOptions, type FlushStrategy } from '@spillway/buffer';

import type { RecentRecords } from '../records/recent-records.ts';
import type { TailRecord } from '../records/tail-record.ts';
import type { ClientStream } from './client-stream.ts';
import { chooseFlush, type FlushKind } from './flush-choice.ts';
import type { StartPoint } from './start-point.ts';

export interface TailClientOptions {
  readonly id: string;
  readonly stream: ClientStream;
  readonly recent: RecentRecords;
  readonly buffer: Required<ClientBufferOptions>;
  readonly flush: FlushKind;
  /** Something has left, or the client is gone. */
  readonly onProgress: () => void;
}

/** Records of one client, or of all there have been: `offered = sent + dropped + waiting + abandoned`. */
export interface ClientAccount {
  /** Records that came while it was connected, and recent ones that it asked for. */
  readonly offered: number;
  readonly sent: number;
  /** Records that gave way to later ones, because it reads too slowly. It was told of each by a gap. */
  readonly dropped: number;
  readonly waiting: number;
  /** Records that waited when it disconnected. */
  readonly abandoned: number;
}

/** A client that nothing leaves to for so long is not waited for. */
const STALLED_MILLIS = 1000;
/** Nor is one that exports have waited for so long since its buffer was last empty: it is slower than records come. */
const MAX_HELD_MILLIS = 5000;

/**
 * Exports of a processor that may come before it waits for an answer: the hybrid processor has as many under way by default.
 * There has to be room for all of them, or a client that reads would miss records of a burst.
 */
const EXPORTS_UNDER_WAY = 5;

/** What an export has brought: the next one will bring about as much. */
export interface ExportSize {
  readonly count: number;
  readonly bytes: number;
}

/** Sends records to one client, in order, through a buffer of its own, and tells it of those it misses. */
export class TailClient {
  readonly id: string;
  readonly stream: ClientStream;
  readonly #recent: RecentRecords;
  readonly #buffer: ClientBuffer<TailRecord>;
  readonly #strategy: FlushStrategy;
  readonly #onProgress: () => void;
  readonly #bounds: Required<ClientBufferOptions>;
  /** Offset of the first record offered, and of the first one not sent. */
  #first = 0;
  #next = 0;
  #isPaused = false;
  /** Its account at the end; undefined before. */
  #closed: ClientAccount | undefined;
  /** How long exports have waited for it since its buffer was last empty, and since when they wait now. */
  #heldMillis = 0;
  #lacksRoomSince: number | undefined;
  /** Whether a ping of a hurry is on its way, and somebody has asked for another one meanwhile. */
  #isHurrying = false;
  #isHurriedAgain = false;
  #flushed: Promise<void> | undefined;

  constructor({ id, stream, recent, buffer, flush, onProgress }: TailClientOptions) {
    this.id = id;
    this.stream = stream;
    this.#recent = recent;
    this.#onProgress = onProgress;
    this.#bounds = buffer;
    this.#buffer = new ClientBuffer(buffer);
    this.#strategy = chooseFlush(flush, this.#buffer, {
      pause: () => (this.#isPaused = true),
      resume: () => {
        this.#isPaused = false;
        onProgress();
      },
    });
  }

  /** Whether it gets nothing more. */
  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  /** Whether it keeps up. */
  get isHealthy(): boolean {
    return this.#buffer.isHealthy();
  }

  get metrics(): ClientBufferMetrics {
    return this.#buffer.getMetrics();
  }

  /** Begins with what is kept from the start point on. `hello` was sent before. */
  begin({ first, missingFrom }: StartPoint): void {
    this.#first = first;
    this.#next = first;
    if (missingFrom < first) this.#tellGap(missingFrom, first - 1, 'expired');
    for (let offset = first; offset < this.#recent.next; offset += 1) {
      const record = this.#recent.at(offset);
      if (record !== undefined) this.#buffer.enqueue(record, this.#send, record.bytes);
    }
    this.#flush();
  }

  /** Takes a record, the next after all it was offered. */
  offer(record: TailRecord): void {
    if (this.isClosed) return;
    this.#buffer.enqueue(record, this.#send, record.bytes);
    this.#strategy.onEnqueue();
    // Nothing is dropped for a client that would take it now, whatever the strategy.
    if (!this.#buffer.isHealthy() && !this.stream.outflow.isFull) this.#flush();
  }

  /** Sends what waits without a delay, and what is written on its way out. */
  hurry(now: number): void {
    if (this.isClosed) return;
    this.#flush();
    this.tellMissing();
    const { outflow } = this.stream;
    if (outflow.isEmpty) return;
    // One ping is under way at most: whoever does not read would gather one of each flush.
    this.#isHurriedAgain = this.#isHurrying;
    if (this.#isHurrying) return;
    this.#isHurrying = true;
    const onWritten = outflow.watchWrite(now);
    this.stream.ping(() => {
      this.#isHurrying = false;
      onWritten();
      this.#onProgress();
      if (this.#isHurriedAgain) this.hurry(performance.now());
    });
  }

  /** Whether nothing has left for so long that nobody waits for it. */
  isStalled(now: number): boolean {
    return this.stream.outflow.blockedMillis(now) >= STALLED_MILLIS;
  }

  /** Whether an export of this size has to wait for it, after what it would take now has left. */
  holdsUp(size: ExportSize, now: number): boolean {
    if (!this.#hasRoomFor(size) && !this.stream.outflow.isFull) this.#flush();
    if (this.#hasRoomFor(size)) {
      this.#heldMillis += this.#lacksRoomSince === undefined ? 0 : now - this.#lacksRoomSince;
      this.#lacksRoomSince = undefined;
      return false;
    }
    this.#lacksRoomSince ??= now;
    return !this.isStalled(now) && this.#heldMillis + now - this.#lacksRoomSince < MAX_HELD_MILLIS;
  }

  /** Whether all records before this offset have left the process. */
  hasAllBefore(offset: number): boolean {
    return (this.isClosed || this.#next >= offset) && this.stream.outflow.isEmpty;
  }

  /** Tells of records that are missing at the end, which no later one has told of yet. */
  tellMissing(): void {
    const { next } = this.#recent;
    if (this.isClosed || this.#buffer.size > 0 || this.#next === next) return;
    this.#tellGap(this.#next, next - 1, 'slow');
    this.#next = next;
  }

  account(): ClientAccount {
    if (this.#closed !== undefined) return this.#closed;
    const { sent, buffered, dropped } = this.#buffer.getMetrics();
    return { offered: this.#recent.next - this.#first, sent, dropped, waiting: buffered, abandoned: 0 };
  }

  /** Sends nothing more; what waits is abandoned. */
  close(): void {
    if (this.isClosed) return;
    const account = this.account();
    this.#closed = { ...account, waiting: 0, abandoned: account.waiting };
    this.#strategy.close();
    this.#buffer.reset();
  }

  #hasRoomFor({ count, bytes }: ExportSize): boolean {
    const { size } = this.#buffer;
    const { maxSize, maxBytes } = this.#bounds;
    const fits =
      size + EXPORTS_UNDER_WAY * count <= maxSize && this.#buffer.bytes + EXPORTS_UNDER_WAY * bytes <= maxBytes;
    return !this.#isPaused && (size === 0 || (fits && this.#buffer.isHealthy()));
  }

  #flush(): void {
    const flushed = this.#buffer.flush();
    if (flushed === this.#flushed) return;
    this.#flushed = flushed;
    flushed.catch(() => this.stream.destroy());
  }

  readonly #send = (record: TailRecord): Promise<void> | undefined => {
    if (record.offset > this.#next) this.#tellGap(this.#next, record.offset - 1, 'slow');
    this.#next = record.offset + 1;
    this.stream.writeRecord(record);
    if (this.#buffer.size <= 1) this.#onLast();
    return this.stream.outflow.room()?.then(this.#onProgress);
  };

  /** The buffer is about to be empty: what waits for that finds it so in the next turn of the event loop. */
  #onLast(): void {
    this.#heldMillis = 0;
    this.#lacksRoomSince = undefined;
    this.#onProgress();
  }

  #tellGap(from: number, to: number, reason: 'slow' | 'expired'): void {
    this.stream.writeEvent('gap', { from, to, count: to - from + 1, reason });
  }
}
