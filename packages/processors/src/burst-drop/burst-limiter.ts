/** Decides, for each of a fixed number of cells, which of its records pass. A cell is one key; time is an argument. */
export interface BurstLimiter {
  /** Whether the record that comes to a cell now, in milliseconds of a monotonic clock, passes. Allocates nothing. */
  admit(cell: number, now: number): boolean;
  /** When the time began that a summary of what is suppressed now stands for. */
  windowStart(cell: number, now: number): number;
  /** Makes a cell as if it had never seen a record. */
  reset(cell: number): void;
}
