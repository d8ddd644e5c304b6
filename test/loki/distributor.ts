import type { AcceptedEntry, AcceptedStream, Instant } from './accepted-push.ts';
import { LevelDetector } from './detected-level.ts';
import { rfc3339 } from './go-text.ts';
import type { Ingester } from './ingester.ts';
import { LabelParseError, MAX_LABELS_BYTES } from './label-parser.ts';
import { labelValue } from './label-set.ts';
import type { LokiLimits } from './limits.ts';
import { normalizeMetadata } from './metadata.ts';
import { metadataBytes, type PushedEntry, type PushedStream } from './push-request.ts';
import { RateBucket } from './rate-bucket.ts';
import { Refusal } from './refusal.ts';
import { StreamLabels } from './stream-labels.ts';
import { entryProblem, joinProblems, labelsProblem, timeBounds, type TimeBounds } from './validation.ts';
import { entryWireBytes, messageWireBytes } from './wire-size.ts';

/** A time during which nothing is stored. */
export interface IngestionBlock {
  /** Milliseconds since 1970. */
  readonly untilMillis: number;
  /** 200 means: no error, nothing stored. */
  readonly status: number;
}

/** Parsed sets of labels kept for the next push. */
const MAX_CACHED_LABELS = 100_000;

const RESERVED_LABELS = ['__backfill__', '__backfill_shard__'];

const reservedLabels = (): Refusal =>
  new Refusal(
    400,
    `streams must not contain the reserved labels ${RESERVED_LABELS.join(' or ')}; ` +
      'set the X-Loki-Backfill-Shard header to mark a push as backfill data',
  );

/** One tenant's way into Loki: checks a push, completes its lines and hands the rest to the ingester. */
export class Distributor {
  readonly #tenant: string;
  readonly #limits: LokiLimits;
  readonly #ingester: Ingester;
  readonly #rate: RateBucket;
  readonly #levels: LevelDetector;
  readonly #block: IngestionBlock;
  readonly #labels = new Map<string, StreamLabels>();

  constructor(tenant: string, limits: LokiLimits, ingester: Ingester) {
    this.#tenant = tenant;
    this.#limits = limits;
    this.#ingester = ingester;
    this.#rate = new RateBucket(limits.ingestionRateBytes, limits.ingestionBurstBytes);
    this.#levels = new LevelDetector(limits);
    this.#block = { untilMillis: limits.blockIngestionUntilMillis, status: limits.blockIngestionStatus };
  }

  /**
   * Stores what can be stored.
   * @throws Refusal with what Loki answers where it does not answer 204; it does not mean that nothing was stored
   */
  push(streams: readonly PushedStream[], now: Instant, block: IngestionBlock = this.#block): void {
    const parsed = streams.map((stream) => this.#parseLabels(stream.labels));
    if (streams.length === 0) throw new Refusal(422, 'error at least one valid stream is required for ingestion');
    const problems: string[] = [];
    const accepted: AcceptedStream[] = [];
    const bounds = timeBounds(this.#limits, now.wallNanos);
    const isBlocked = now.wallNanos < BigInt(block.untilMillis) * 1_000_000n;
    let blocked: Refusal | undefined;
    for (const [index, { entries }] of streams.entries()) {
      if (entries.length === 0) continue;
      const labels = parsed[index] as StreamLabels;
      const problem = labelsProblem(labels, this.#limits);
      if (problem !== undefined) {
        problems.push(problem);
      } else if (isBlocked) {
        blocked = this.#blocked(block);
      } else {
        const valid = this.#validEntries(labels, entries, bounds, problems);
        if (valid.length > 0) accepted.push({ labels, entries: valid });
      }
    }
    if (accepted.length > 0) this.#store(accepted, now);
    if (problems.length > 0) throw new Refusal(400, joinProblems(problems));
    if (blocked !== undefined && blocked.status !== 200) throw blocked;
  }

  #parseLabels(text: string): StreamLabels {
    const cached = this.#labels.get(text);
    if (cached !== undefined) return cached;
    if (Buffer.byteLength(text) > MAX_LABELS_BYTES) {
      const size = `${Math.round(Buffer.byteLength(text) / 1e6)} MB`;
      throw new Refusal(413, `request body too large: stream labels size ${size} exceeds limit of 17 MB`);
    }
    try {
      const labels = StreamLabels.parse(text, this.#limits.discoverServiceName);
      if (RESERVED_LABELS.some((name) => labelValue(labels.pairs, name) !== undefined)) throw reservedLabels();
      if (this.#labels.size < MAX_CACHED_LABELS) this.#labels.set(text, labels);
      return labels;
    } catch (error) {
      if (error instanceof LabelParseError) throw new Refusal(400, `couldn't parse labels: ${error.message}`);
      throw error;
    }
  }

  #blocked({ untilMillis, status }: IngestionBlock): Refusal {
    const until = rfc3339(BigInt(untilMillis) * 1_000_000n);
    return new Refusal(
      status,
      `ingestion blocked for user '${this.#tenant}' until '${until}' with status code '${status}'`,
    );
  }

  #validEntries(
    labels: StreamLabels,
    entries: readonly PushedEntry[],
    bounds: TimeBounds,
    problems: string[],
  ): AcceptedEntry[] {
    const valid: AcceptedEntry[] = [];
    const discoverLevels = this.#limits.discoverLogLevels && this.#limits.allowStructuredMetadata;
    for (const entry of entries) {
      const problem = entryProblem(entry, labels, this.#limits, bounds);
      if (problem !== undefined) {
        problems.push(problem);
        continue;
      }
      const normalized = normalizeMetadata(entry.metadata);
      const metadata = discoverLevels ? this.#levels.addLevel(labels.pairs, normalized, entry.line) : normalized;
      const { timeNanos, line, lineBytes } = entry;
      valid.push({ timeNanos, line, lineBytes, metadata, bytes: lineBytes + metadataBytes(metadata) });
    }
    return valid;
  }

  #store(accepted: readonly AcceptedStream[], now: Instant): void {
    let bytes = 0;
    let lines = 0;
    let wireBytes = 0;
    for (const { labels, entries } of accepted) {
      let streamBytes = labels.wireBytes;
      for (const entry of entries) {
        bytes += entry.bytes;
        streamBytes += entryWireBytes(entry);
      }
      lines += entries.length;
      wireBytes += messageWireBytes(streamBytes);
    }
    if (!this.#rate.take(bytes, now.monotonicMillis)) throw this.#rateLimited(lines, bytes);
    if (wireBytes > this.#limits.maxGrpcMessageBytes) {
      throw new Refusal(
        500,
        'rpc error: code = ResourceExhausted desc = grpc: received message larger than max ' +
          `(${wireBytes} vs. ${this.#limits.maxGrpcMessageBytes})`,
      );
    }
    this.#ingester.push(accepted, now);
  }

  #rateLimited(lines: number, bytes: number): Refusal {
    return new Refusal(
      429,
      `ingestion rate limit exceeded for user ${this.#tenant} (limit: ${Math.trunc(this.#limits.ingestionRateBytes)} bytes/sec) ` +
        `while attempting to ingest '${lines}' lines totaling '${bytes}' bytes, ` +
        'reduce log volume or contact your Loki administrator to see if the limit can be increased',
    );
  }
}
