import {
  Deadline,
  type DeadlineOptions,
  FLUSH_TIMEOUT_MILLIS,
  readTimeoutMillis,
  SHUTDOWN_TIMEOUT_MILLIS,
  untilDeadline,
  workUntilDeadline,
} from '@spillway/core';
import { abortableDelay, exponentialBackoff, nextDelayMillis, startTimer, TimeoutError } from '@spillway/retry';

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
 * is time; at the end of a script without one there is one last push. Never throws after construction.
 */
export class PushgatewayPusher {
  readonly #options: ResolvedPushgatewayOptions;
  readonly #families: () => readonly FamilySnapshot[];
  readonly #evaluated: () => number;
  readonly #log: PushLog = new PushLog();
  #giveUp: AbortController = new AbortController();
  #cancelTimer: () => void = () => {};
  #running: Promise<void> | undefined;
  /** The push after the running one, for all who asked while that runs. */
  #following: Promise<void> | undefined;
  #failuresInRow = 0;
  #refusedText: string | undefined;
  /** How many records the state was made of that the Pushgateway has. */
  #pushedUpTo = 0;
  #shutdown: Promise<void> | undefined;

  /**
   * @param families all metrics as they are now
   * @param evaluated how many records they are made of
   */
  constructor(options: ResolvedPushgatewayOptions, families: () => readonly FamilySnapshot[], evaluated: () => number) {
    this.#options = options;
    this.#families = families;
    this.#evaluated = evaluated;
    this.#schedule(this.#options.intervalMillis);
  }

  /** Pushes the metrics as they are now, once. Resolves when that has ended or the time is over. Never rejects. */
  forceFlush(options?: DeadlineOptions): Promise<void> {
    if (this.#shutdown !== undefined) return this.#shutdown;
    return workUntilDeadline(new Deadline(readTimeoutMillis(options, FLUSH_TIMEOUT_MILLIS)), this.#pushLatest());
  }

  /**
   * For a process that ends without a shutdown: pushes, once, what was counted since the last push that succeeded. What
   * takes longer than the time is given up, since a request keeps the process alive. Never rejects.
   */
  async flushBeforeExit({ timeoutMillis }: Required<DeadlineOptions>): Promise<void> {
    if (this.#shutdown !== undefined || this.#pushedUpTo === this.#evaluated()) return;
    const pushed = this.#pushLatest().then(() => this.#following ?? this.#running);
    await untilDeadline(new Deadline(timeoutMillis), (onDone) => {
      void pushed.then(onDone);
      return () => this.#giveUpRunning();
    });
    if (this.#shutdown !== undefined) return;
    await this.#running;
    // A pause after a failure may be so short that the next request begins before the process has ended.
    this.#schedule(this.#options.intervalMillis);
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
    const { signal } = this.#giveUp;
    this.#following ??= this.#running.then(() => {
      this.#following = undefined;
      return signal.aborted ? undefined : this.#pushLatest();
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

  #giveUpRunning(): void {
    // A shutdown that has begun meanwhile has a budget of its own.
    if (this.#shutdown !== undefined) return;
    this.#giveUp.abort(new TimeoutError('No answer by the end of the process.'));
    this.#giveUp = new AbortController();
  }

  async #push(): Promise<void> {
    const evaluated = this.#evaluated();
    const text = this.#writeText();
    let wait = this.#options.intervalMillis;
    if (text !== undefined && text === this.#refusedText) this.#log.onSkip();
    else if (text !== undefined) {
      const verdict = await this.#send('PUT', text);
      if (verdict.outcome === 'stored') this.#pushedUpTo = evaluated;
      wait = this.#waitAfter(verdict);
    }
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
