import { ThrottledDiag } from '@spillway/core';
import type { DeadlineOptions, Destination, DestinationStats, EncodedPayload } from '@spillway/delivery';
import { startTimer } from '@spillway/retry';

import { PROTOCOL_HEADERS, REMOTE_WRITE_BACKEND_URL, remoteWriteBackend, USER_AGENT } from '../remote-write-backend.ts';
import type { FamilySnapshot } from '../store/family-snapshot.ts';

import type { ResolvedRemoteWriteOptions } from './remote-write-options.ts';
import { SampleSequence } from './sample-sequence.ts';
import type { TimeSeries } from './time-series.ts';
import { encodeWriteRequests, type RequestLimits } from './write-requests.ts';

const NAMESPACE = '@spillway/exporter-prometheus';
/** A receiver that will not take a series may be told to, by raising a limit; until then each push would be cut for it. */
const LEAVE_OUT_MILLIS = 5 * 60 * 1000;

/**
 * Writes the metrics to a receiver of Prometheus' remote write 1.0: all series in each push, by an interval, at each flush and
 * at shutdown. Its ledger is of samples: a receiver has stored them, or they are held in the outbox, or dropped.
 *
 * - Order: the samples of a series arrive in the order of their times; one request runs at a time.
 * - Outage: pushes wait in the outbox and arrive late, with the times they were made at.
 * - Guarantee: at least once; a receiver takes equal samples for one. A series that it refuses by itself is left out for 5
 *   minutes, and its neighbours are not.
 * - Never throws after construction.
 */
export class RemoteWriter {
  readonly #options: ResolvedRemoteWriteOptions;
  readonly #families: () => readonly FamilySnapshot[];
  readonly #sequence: SampleSequence;
  readonly #destination: Destination<TimeSeries>;
  readonly #diag: ThrottledDiag = new ThrottledDiag({ namespace: NAMESPACE });
  #cancelTimer: () => void = () => {};
  #shutdown: Promise<void> | undefined;

  /** @param families all metrics as they are now */
  constructor(options: ResolvedRemoteWriteOptions, families: () => readonly FamilySnapshot[]) {
    const { delivery, url, headers, labels, limits, onDrop } = options;
    this.#options = options;
    this.#families = families;
    this.#sequence = new SampleSequence(labels);
    this.#destination = delivery.attach<TimeSeries>({
      backend: remoteWriteBackend,
      backendUrl: REMOTE_WRITE_BACKEND_URL,
      url,
      headers: { ...USER_AGENT, ...headers, ...PROTOCOL_HEADERS },
      encode: (series, { sizeRatio }) => ({
        payloads: encodeWriteRequests(series, scaled(limits, sizeRatio(undefined))),
        drops: [],
      }),
      onDrop,
      onGivenUp: (record) => this.#leaveOut(record),
      namespace: NAMESPACE,
      componentType: 'PrometheusRemoteWriter',
      signal: 'metric_data_point',
    });
    this.#schedule();
  }

  /**
   * Pushes the metrics as they are now, and waits until the receiver has what was pushed before, within the time. While it is
   * down one probe is sent, and this resolves with the rest held. Never rejects.
   */
  forceFlush(options?: DeadlineOptions): Promise<void> {
    if (this.#shutdown !== undefined) return this.#shutdown;
    this.#push(this.#families);
    return this.#destination.forceFlush(options);
  }

  /** Pushes the last values within the time, drops what the receiver has not taken, and frees everything. Never rejects. */
  shutdown(options?: DeadlineOptions): Promise<void> {
    this.#shutdown ??= this.#end(options);
    return this.#shutdown;
  }

  /** Pushes the last values as far as the outbox can take them without waiting for anything asynchronous. */
  flushSync(deadlineMillis: number): void {
    if (this.#shutdown !== undefined) return;
    this.#push(this.#families);
    this.#destination.flushSync(deadlineMillis);
  }

  stats(): DestinationStats {
    return this.#destination.stats();
  }

  #schedule(): void {
    this.#cancelTimer = startTimer(() => {
      this.#push(this.#families);
      this.#schedule();
    }, this.#options.intervalMillis);
  }

  #push(families: () => readonly FamilySnapshot[]): void {
    try {
      const series = this.#sequence.next(families(), this.#options.epochNow());
      if (series === undefined) {
        const text = 'Nothing is written while the clock is behind the last samples, which a receiver would refuse.';
        this.#diag.warn('clock', text);
      } else if (series.length > 0) this.#destination.export(series, () => {});
    } catch (error) {
      this.#diag.error('broken', 'The metrics could not be read, and are not written', error);
    }
  }

  #leaveOut({ body }: EncodedPayload): void {
    const name = this.#sequence.leaveOut(body, this.#options.epochNow() + LEAVE_OUT_MILLIS);
    if (name === undefined) return;
    this.#diag.error(
      'left-out',
      `The receiver does not take a series of \`${name}\`, which is left out for 5 minutes.`,
    );
  }

  #end(options: DeadlineOptions | undefined): Promise<void> {
    this.#cancelTimer();
    this.#push(this.#families);
    if (this.#options.endSeriesOnShutdown) this.#push(() => []);
    return this.#destination.shutdown(options);
  }
}

/** What a receiver that asks for less is sent. */
function scaled({ maxSamples, maxBytes }: RequestLimits, ratio: number): RequestLimits {
  return { maxSamples: Math.ceil(maxSamples * ratio), maxBytes: maxBytes * ratio };
}
