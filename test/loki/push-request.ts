/** A name and its value. */
export type Pair = readonly [name: string, value: string];

/** One line as it came in the request, before anything was checked. */
export interface PushedEntry {
  readonly timeNanos: bigint;
  readonly line: string;
  /** Size of the line in UTF-8 as it was sent: what Loki measures. */
  readonly lineBytes: number;
  readonly metadata: readonly Pair[];
}

/** One stream of a request. */
export interface PushedStream {
  /** Labels in the text form of Prometheus, `{a="b"}`, as sent or as made from the JSON object. */
  readonly labels: string;
  readonly entries: readonly PushedEntry[];
}

/** Bytes of names and values, as Loki counts metadata: `detected_level` does not count. */
export const metadataBytes = (metadata: readonly Pair[]): number => {
  let bytes = 0;
  for (const [name, value] of metadata) {
    if (name !== 'detected_level') bytes += Buffer.byteLength(name) + Buffer.byteLength(value);
  }
  return bytes;
};
