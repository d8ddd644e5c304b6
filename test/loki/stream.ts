import type { AcceptedEntry, Instant } from './accepted-push.ts';
import { goByteSize, goTime, rfc3339 } from './go-text.ts';
import type { LokiLimits } from './limits.ts';
import { RateBucket } from './rate-bucket.ts';
import { Refusal } from './refusal.ts';
import type { StreamLabels } from './stream-labels.ts';

/** A line that is stored. */
export interface StoredEntry {
  readonly labels: Readonly<Record<string, string>>;
  readonly timeNanos: bigint;
  readonly line: string;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Failure {
  readonly entry: AcceptedEntry;
  readonly reason: string;
}

/** A stream in the ingester: keeps each line once, refuses what is too fast or too far behind. */
export class Stream {
  readonly labels: StreamLabels;
  readonly entries: StoredEntry[] = [];
  readonly #tenant: string;
  readonly #limits: LokiLimits;
  readonly #windowNanos: bigint;
  readonly #rate: RateBucket;
  readonly #known = new Map<bigint, string | Set<string>>();
  #newestNanos: bigint | undefined;
  #lastKey = '';

  constructor(tenant: string, labels: StreamLabels, limits: LokiLimits) {
    this.#tenant = tenant;
    this.labels = labels;
    this.#limits = limits;
    this.#windowNanos = BigInt(limits.outOfOrderWindowMillis) * 1_000_000n;
    this.#rate = new RateBucket(limits.streamRateBytes, limits.streamBurstBytes);
  }

  /** Stores the lines, here and in `log`, and returns what Loki would say about those it did not store. */
  push(entries: readonly AcceptedEntry[], now: Instant, log: StoredEntry[]): Refusal | undefined {
    const valid: { entry: AcceptedEntry; key: string }[] = [];
    const failures: Failure[] = [];
    let bytes = 0;
    let newest = this.#newestNanos;
    let lastKey = this.#lastKey;
    for (const entry of entries) {
      const key = `${entry.timeNanos} ${JSON.stringify(entry.metadata)} ${entry.line}`;
      // A repetition of the line right before is passed over before anything else is checked.
      if (key === lastKey) continue;
      if (newest !== undefined && entry.timeNanos < newest - this.#windowNanos) {
        failures.push({ entry, reason: tooFarBehind(entry.timeNanos, newest - this.#windowNanos) });
        continue;
      }
      bytes += entry.bytes;
      valid.push({ entry, key });
      lastKey = key;
      if (newest === undefined || entry.timeNanos > newest) newest = entry.timeNanos;
    }
    if (!this.#rate.take(bytes, now.monotonicMillis)) {
      const limited = valid.map(({ entry }) => ({ entry, reason: this.#tooFast(entry) }));
      return this.#refusal(429, limited, entries.length);
    }
    this.#newestNanos = newest;
    this.#lastKey = lastKey;
    for (const { entry, key } of valid) this.#store(entry, key, log);
    return failures.length === 0 ? undefined : this.#refusal(400, failures, entries.length);
  }

  #store({ timeNanos, line, metadata }: AcceptedEntry, key: string, log: StoredEntry[]): void {
    if (this.#isKnown(timeNanos, key)) return;
    const stored: StoredEntry = { labels: this.labels.record, timeNanos, line, metadata: Object.fromEntries(metadata) };
    this.entries.push(stored);
    log.push(stored);
  }

  /** Remembers the line. Few lines share their time, so that most need no set of their own. */
  #isKnown(timeNanos: bigint, key: string): boolean {
    const known = this.#known.get(timeNanos);
    if (known === undefined) this.#known.set(timeNanos, key);
    else if (typeof known !== 'string') {
      if (known.has(key)) return true;
      known.add(key);
    } else if (known === key) return true;
    else this.#known.set(timeNanos, new Set([known, key]));
    return false;
  }

  #tooFast(entry: AcceptedEntry): string {
    return (
      `Per stream rate limit exceeded (limit: ${goByteSize(this.#limits.streamRateBytes)}/sec) while attempting to ingest ` +
      `for stream '${this.labels.text}' totaling ${goByteSize(entry.bytes)}, consider splitting a stream via additional labels ` +
      'or contact your Loki administrator to see if the limit can be increased'
    );
  }

  #refusal(status: number, failures: readonly Failure[], total: number): Refusal {
    const limit = this.#limits.maxReturnedErrors;
    const shown = limit > 0 ? failures.slice(0, limit) : failures;
    const reasons = shown.map(
      ({ entry, reason }) => `entry with timestamp ${goTime(entry.timeNanos)} ignored, reason: '${reason}',\n`,
    );
    return new Refusal(
      status,
      `${reasons.join('')}user '${this.#tenant}', total ignored: ${failures.length} out of ${total} for stream: ${this.labels.text}`,
    );
  }
}

const tooFarBehind = (timeNanos: bigint, oldestNanos: bigint): string =>
  `entry too far behind, entry timestamp is: ${rfc3339(timeNanos)}, oldest acceptable timestamp is: ${rfc3339(oldestNanos)}`;
