import { callSafely } from '@spillway/core';

import type { StreamEvent } from './event-stream-parser.ts';
import { type LiveTailEvent, readLiveTailEvent } from './live-tail-event.ts';
import type { LiveTailState } from './live-tail-state.ts';
import { reconnectDelayMillis } from './reconnect-delay.ts';
import { TailPosition } from './tail-position.ts';
import { followTail, type TailRequestEnd } from './tail-request.ts';

export interface FollowedTailOptions {
  readonly url: URL;
  readonly token: string;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: (event: LiveTailEvent, characters: number) => void;
  readonly onState: ((state: LiveTailState) => void) | undefined;
  readonly recent: number | undefined;
  readonly fetch: typeof fetch;
}

/** A connection that lasted as long as this was a good one: what ends it is no reason to wait longer than the first time. */
const LASTING_MILLIS = 10_000;

/** The connections to one server, one after the other. */
export class FollowedTail {
  readonly #options: FollowedTailOptions;
  readonly #position: TailPosition;
  readonly #stop = new AbortController();
  #state: LiveTailState = { status: 'connecting', attempt: 1 };
  #failures = 0;
  #farewell: string | undefined;
  #endWait: (() => void) | undefined;

  constructor(options: FollowedTailOptions) {
    this.#options = options;
    this.#position = new TailPosition(options.recent);
    if (options.signal?.aborted) this.close();
    options.signal?.addEventListener('abort', () => this.close(), { once: true, signal: this.#stop.signal });
    void this.#run();
  }

  get state(): LiveTailState {
    return this.#state;
  }

  reconnect(): void {
    this.#endWait?.();
  }

  close(): void {
    if (this.#stop.signal.aborted) return;
    this.#close('closed', 'it was closed');
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#enter({ status: 'connecting', attempt: this.#failures + 1 });
      const startedAt = performance.now();
      const end = await this.#followOnce();
      if (this.#stop.signal.aborted) return;
      if (end.status === 401) this.#close('unauthorized', 'the server does not accept the token');
      else if (end.status === 403) this.#close('forbidden', 'the server does not accept requests from this address');
      else await this.#wait(end, performance.now() - startedAt);
    }
  }

  #followOnce(): Promise<TailRequestEnd> {
    const { url, token, fetch } = this.#options;
    this.#farewell = undefined;
    return followTail({
      url: new URL(url.href + this.#position.query),
      token,
      fetch,
      lastEventId: this.#position.lastEventId,
      signal: this.#stop.signal,
      onEvent: (event) => this.#onStreamEvent(event),
    });
  }

  #onStreamEvent({ type, data }: StreamEvent): void {
    const event = readLiveTailEvent(type, data);
    if (event === undefined || this.#stop.signal.aborted) return;
    if (event.type === 'hello') this.#onHello(event);
    else this.#hand(event, data.length);
    if (event.type === 'bye') {
      this.#farewell = event.data.reason === 'slow' ? 'the server found this client too slow' : 'the server shut down';
    }
  }

  #onHello(event: LiveTailEvent & { readonly type: 'hello' }): void {
    const { restarted, missed } = this.#position.greet(event.data);
    this.#enter({ status: 'open', epoch: event.data.epoch, restarted });
    this.#hand(event, 0);
    if (missed !== undefined) this.#hand({ type: 'gap', data: missed }, 0);
  }

  #hand(event: LiveTailEvent, characters: number): void {
    if (!this.#position.advance(event)) return;
    callSafely(() => this.#options.onEvent(event, characters), ignore);
  }

  async #wait({ reason, retryAfter }: TailRequestEnd, lastedMillis: number): Promise<void> {
    const lasted = this.#state.status === 'open' && lastedMillis >= LASTING_MILLIS;
    this.#failures = lasted ? 1 : this.#failures + 1;
    const delayMillis = reconnectDelayMillis(this.#failures, Math.random(), retryAfter);
    this.#enter({ status: 'waiting', attempt: this.#failures, delayMillis, reason: this.#farewell ?? reason });
    if (this.#stop.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delayMillis);
      this.#endWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#endWait = undefined;
  }

  #close(cause: 'closed' | 'unauthorized' | 'forbidden', reason: string): void {
    this.#stop.abort();
    this.#endWait?.();
    this.#enter({ status: 'closed', cause, reason });
  }

  #enter(state: LiveTailState): void {
    this.#state = state;
    const { onState } = this.#options;
    if (onState !== undefined) callSafely(() => onState(state), ignore);
  }
}

function ignore(): void {}
