import { RingBuffer } from '@spillway/buffer';

import { TailRecord } from './tail-record.ts';

/** Bounds of what is kept for clients that come, or come back. */
export interface RecentBounds {
  readonly maxRecords: number;
  readonly maxBytes: number;
}

/** Gives records their offsets, and keeps the newest ones. */
export class RecentRecords {
  /** Tells a server from the one before it: offsets begin anew with each. */
  readonly epoch: string = process.getBuiltinModule('node:crypto').randomBytes(8).toString('hex');
  readonly #ring: RingBuffer<TailRecord>;
  readonly #maxBytes: number;
  #bytes = 0;
  #totalBytes = 0;
  #next = 0;

  constructor({ maxRecords, maxBytes }: RecentBounds) {
    this.#ring = new RingBuffer(maxRecords);
    this.#maxBytes = maxBytes;
  }

  /** Offset of the oldest record kept; that of the next one where none is. */
  get oldest(): number {
    return this.#next - this.#ring.size;
  }

  /** Offset of the next record, which is how many there have been. */
  get next(): number {
    return this.#next;
  }

  /** Bytes of all records so far. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** @param fields what `RecordEncoder` has written */
  add(fields: string): TailRecord {
    const record = new TailRecord(this.epoch, this.#next, fields);
    this.#next += 1;
    this.#totalBytes += record.bytes;
    this.#bytes += record.bytes - (this.#ring.push(record)?.bytes ?? 0);
    while (this.#bytes > this.#maxBytes) this.#bytes -= this.#ring.shift()?.bytes ?? 0;
    return record;
  }

  /** The record of an offset; undefined where it is gone, or yet to come. */
  at(offset: number): TailRecord | undefined {
    return this.#ring.at(offset - this.oldest);
  }
}
