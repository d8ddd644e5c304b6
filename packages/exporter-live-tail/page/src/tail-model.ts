import type { LiveTailEvent, LiveTailStats, RecordCriteria } from '../../src/live-tail-client.ts';
import { ALL_ROWS, rowFilter } from './row-filter.ts';
import { RowStore } from './row-store.ts';
import type { TailRow } from './tail-row.ts';

/** Of what is kept, and once more of what waits while the list is paused. */
const MAX_ROWS = 20_000;
const MAX_BYTES = 48 * 1024 * 1024;

/** What an event takes in memory: its texts, some of which take two bytes a character, and the objects around them. */
const BYTES_PER_CHARACTER = 3;
const BYTES_PER_ROW = 200;

export interface TailCounts {
  /** Records that came to this page. */
  readonly received: number;
  /** Rows that are kept. */
  readonly kept: number;
  /** Rows that the filters show. */
  readonly shown: number;
  /** Records that this page knows it has missed. */
  readonly missed: number;
  /** Rows that came while it is paused. */
  readonly waiting: number;
}

/** What the page knows: rows, filters, counts. Knows nothing of the document. */
export class TailModel {
  readonly rows: RowStore;
  readonly #waiting: RowStore;
  #isPaused = false;
  #nextNumber = 0;
  #received = 0;
  #missed = 0;
  #waitingMissed = 0;
  #stats: LiveTailStats | undefined;
  #criteria = ALL_ROWS;

  constructor(maxRows: number = MAX_ROWS, maxBytes: number = MAX_BYTES) {
    this.rows = new RowStore({ maxRows, maxBytes });
    // One less, so that there is a place for the gap as well.
    this.#waiting = new RowStore({ maxRows: maxRows - 1, maxBytes: maxBytes - BYTES_PER_ROW });
  }

  get criteria(): RecordCriteria {
    return this.#criteria;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** The last that the server has told about itself and about this page. */
  get stats(): LiveTailStats | undefined {
    return this.#stats;
  }

  get counts(): TailCounts {
    return {
      received: this.#received,
      kept: this.rows.size,
      shown: this.rows.shownSize,
      missed: this.#missed + this.#waitingMissed,
      waiting: this.#waiting.size,
    };
  }

  /** @param characters length of the event as it was sent */
  apply(event: LiveTailEvent, characters: number): void {
    if (event.type === 'stats') this.#stats = event.data;
    if (event.type === 'record') {
      this.#received += 1;
      const bytes = characters * BYTES_PER_CHARACTER + BYTES_PER_ROW;
      this.#add({ kind: 'record', number: this.#takeNumber(), record: event.data, bytes });
    }
    if (event.type === 'gap') {
      const { count, reason } = event.data;
      this.#missed += count;
      this.#add({ kind: 'gap', number: this.#takeNumber(), count, reason, bytes: BYTES_PER_ROW });
    }
  }

  /** Notes that the server is another one than before. */
  noteRestart(time: number): void {
    this.#add({ kind: 'restart', number: this.#takeNumber(), time, bytes: BYTES_PER_ROW });
  }

  setCriteria(criteria: RecordCriteria): void {
    this.#criteria = criteria;
    this.rows.setFilter(rowFilter(criteria));
  }

  /** Lets rows wait instead of adding them to the list. */
  pause(): void {
    this.#isPaused = true;
  }

  /** Adds what has waited to the list; a gap stands for what was too much to wait. */
  resume(): void {
    this.#isPaused = false;
    const waiting = this.#waiting.toArray();
    const [missed, number] = [this.#waitingMissed, waiting[0]?.number ?? 0];
    this.#waiting.clear();
    this.#missed += missed;
    this.#waitingMissed = 0;
    // Numbers grow along the list: the one before the first that waits is free where rows were lost there.
    if (missed > 0)
      this.rows.push({ kind: 'gap', number: number - 1, count: missed, reason: 'paused', bytes: BYTES_PER_ROW });
    for (const row of waiting) this.rows.push(row);
  }

  /** Forgets all rows, also those that wait. What was counted stays. */
  clear(): void {
    this.rows.clear();
    this.#waiting.clear();
    this.#missed += this.#waitingMissed;
    this.#waitingMissed = 0;
  }

  #takeNumber(): number {
    this.#nextNumber += 1;
    return this.#nextNumber - 1;
  }

  #add(row: TailRow): void {
    if (!this.#isPaused) {
      this.rows.push(row);
      return;
    }
    this.#waitingMissed += this.#waiting.push(row);
  }
}
