/** A stream that a command writes to, such as `process.stdout`. */
interface Output {
  write(text: string): unknown;
  /** Bytes that wait for whoever reads. */
  readonly writableLength: number;
  /** Whether colours can be seen. */
  readonly isTTY?: boolean;
  hasColors?(): boolean;
}

/** What a command has to do with the world. */
export interface Terminal {
  /** For what was asked for. */
  readonly out: Output;
  /** For what is said about it. */
  readonly err: Output;
  /** Ends a command that would go on for ever. */
  readonly signal: AbortSignal;
}
