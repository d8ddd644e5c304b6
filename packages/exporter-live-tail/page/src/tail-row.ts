import type { LiveTailGap, LiveTailRecord } from '../../src/live-tail-client.ts';

export interface RecordRow {
  readonly kind: 'record';
  /** Counts the rows of this page from 0: offsets begin again with each start of the server. */
  readonly number: number;
  readonly record: LiveTailRecord;
  /** About what it takes to keep it. */
  readonly bytes: number;
  /** What the text filter looks at; made when it is needed first. */
  searchText?: string;
}

/** Stands where records are missing. */
export interface GapRow {
  readonly kind: 'gap';
  readonly number: number;
  readonly count: number;
  readonly reason: LiveTailGap['reason'] | 'paused';
  readonly bytes: number;
}

/** Stands where the server has started again. */
interface RestartRow {
  readonly kind: 'restart';
  readonly number: number;
  readonly time: number;
  readonly bytes: number;
}

/** One line of the list. */
export type TailRow = RecordRow | GapRow | RestartRow;
