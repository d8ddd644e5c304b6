import {
  Deadline,
  type DeadlineOptions,
  FLUSH_TIMEOUT_MILLIS,
  readTimeoutMillis,
  SHUTDOWN_TIMEOUT_MILLIS,
  workUntilDeadline,
} from '@spillway/core';
import { abortableDelay, exponentialBackoff, nextDelayMillis, startTimer } from '@spillway/retry';

import { TEXT_FORMAT } from '../exposition/negotiate.ts';
import type { FamilySnapshot } from '../store/family-snapshot.ts';
import { PushLog, type PushStats } from './push-log.ts';
import { sendPush } from './push-request.ts';
import { pushVerdict, type PushVerdict } from './push-verdict.ts';
import type { ResolvedPushgatewayOptions } from './pushgateway-options.ts';

const BACKOFF = exponentialBackoff();

/**
 * Keeps a group of a Pushgateway as the metrics are: each push replaces it with the latest state, and nothing is queued.
 *
 * Concurrency: one request at a time; what changes while one runs goes with the next. After a failure that may pass, the
 * next push comes after a backoff instead of the interval. A state that was refused is not pushed again until it changes.
 * Delivery: what was pushed last stays on the Pushgateway after the process has ended. Nothing of it survives a crash
 * before the next push. A shutdown waits for a last push, or for the deletion of the group, and tries again while there
 * is time. Never throws after construction.
 */
export class PushgatewayPusher {
  readonly #options: ResolvedPushgatewayOptions;
  readonly #families: () => readonly FamilySnapshot[];
  readonly #log: PushLog = new PushLog();
  readonly #giveUp: AbortController = new AbortController();
  #cancelTimer: () => void = () => {};
  #running: Promise<void> | undefined;
  /** The push after the running one, for all who asked while that runs. */
  #following: Promise<void> | undefined;
  #failuresInRow = 0;
  #refusedText: string | undefined;
  #shutdown: Promise<void> | undefined;

  /** @param families all metrics as they are now */
  constructor(options: ResolvedPushgatewayOptions, families: () => readonly FamilySnapshot[]) {
    this.#options = options;
    this.#families = families;
    this.#schedule(this.#options.intervalMillis);
  }

  /** Pushes the metrics as they are now, once. Resolves when that has ended or the time is over. Never rejects. */
  forceFlush(options?: DeadlineOptions): Promise<void> {
    if (this.#shutdown !== undefined) return this.#shutdown;
    return workUntilDeadline(new Deadline(readTimeoutMillis(options, FLUSH_TIMEOUT_MILLIS)), this.#pushLatest());
  }

  /** Pushes the last values or deletes the group, within the time, and frees everything. Never rejects. */
  shutdown(options?: DeadlineOptions): Promise<void> {
    this.#shutdown ??= this.#end(new Deadline(readTimeoutMillis(options, SHUTDOWN_TIMEOUT_MILLIS)));
    return this.#shutdown;
  }

  stats(): PushStats {
    return this.#log.stats();
  }

  #schedule(millis: number): void {
    this.#cancelTimer();
    if (this.#shutdown === undefined) this.#cancelTimer = startTimer(() => void this.#pushLatest(), millis);
  }

  /** One push at a time: whoever asks while one runs shares the one after it, which has all that is new since. */
  #pushLatest(): Promise<void> {
    if (this.#running === undefined) return this.#begin(() => this.#push());
    this.#following ??= this.#running.then(() => {
      this.#following = undefined;
      return this.#pushLatest();
    });
    return this.#following;
  }

  #begin(work: () => Promise<void>): Promise<void> {
    this.#cancelTimer();
    this.#running = work().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #push(): Promise<void> {
    const text = this.#writeText();
    let wait = this.#options.intervalMillis;
    if (text !== undefined && text === this.#refusedText) this.#log.onSkip();
    else if (text !== undefined) wait = this.#waitAfter(await this.#send('PUT', text));
    this.#schedule(wait);
  }

  async #send(method: 'PUT' | 'DELETE', body?: string): Promise<PushVerdict> {
    const { url, headers, fetch, timeoutMillis } = this.#options;
    this.#log.onBegin();
    const request = { method, url, body, contentType: TEXT_FORMAT.contentType, headers };
    const answer = await sendPush(request, { fetch, timeoutMillis, signal: this.#giveUp.signal });
    const verdict = pushVerdict(answer, Date.now());
    this.#log.onEnd(verdict, Date.now());
    this.#refusedText = verdict.outcome === 'refused' ? body : undefined;
    return verdict;
  }

  /** How long to wait for the next push, by how this one ended. */
  #waitAfter(verdict: PushVerdict): number {
    this.#failuresInRow = verdict.outcome === 'retryable' ? this.#failuresInRow + 1 : 0;
    if (verdict.outcome !== 'retryable') return this.#options.intervalMillis;
    const { hintMillis } = verdict;
    return nextDelayMillis({ attempt: this.#failuresInRow, backoff: BACKOFF, random: Math.random(), hintMillis });
  }

  /** Undefined where the metrics cannot be written, which is a fault of ours. */
  #writeText(): string | undefined {
    try {
      return TEXT_FORMAT.write(this.#families());
    } catch (error) {
      this.#log.onBroken(error);
      return undefined;
    }
  }

  async #end(deadline: Deadline): Promise<void> {
    this.#cancelTimer();
    const last = this.#sendLast();
    await workUntilDeadline(deadline, last);
    this.#giveUp.abort();
    await last;
  }

  /** Ends with success, with a refusal, or soon after it is given up. */
  async #sendLast(): Promise<void> {
    await (this.#following ?? this.#running);
    const method = this.#options.deleteOnShutdown ? 'DELETE' : 'PUT';
    const isDone = await (method === 'DELETE' ? this.#sendUntilDone(method) : this.#pushUntilDone());
    if (!isDone) this.#log.onUnfinished(method);
  }

  async #pushUntilDone(): Promise<boolean> {
    const text = this.#writeText();
    return text !== undefined && text !== this.#refusedText && (await this.#sendUntilDone('PUT', text));
  }

  async #sendUntilDone(method: 'PUT' | 'DELETE', body?: string): Promise<boolean> {
    const { signal } = this.#giveUp;
    this.#failuresInRow = 0;
    while (!signal.aborted) {
      const verdict = await this.#send(method, body);
      if (verdict.outcome !== 'retryable') return verdict.outcome === 'stored';
      await abortableDelay(this.#waitAfter(verdict), signal).catch(() => {});
    }
    return false;
  }
}
