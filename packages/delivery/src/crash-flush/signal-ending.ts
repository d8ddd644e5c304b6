import { applicationListens } from './application-listens.ts';
import {
  type HostListener,
  type HostProcess,
  markListener,
  type Member,
  members,
  ownListeners,
} from './host-process.ts';
import type { ProcessorFlush } from './processor-flush.ts';

/** The signals that supervisors and terminals end a process with. */
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Longest time that the synchronous flush after the asynchronous one may block, in milliseconds: what is left is little. */
const MAX_REST_MILLIS = 300;

/**
 * Flushes on a signal, then raises it again, so that the process ends as it would have without us. Where the application
 * listens to the signal, the ending is left to it.
 */
export class SignalEnding {
  readonly #host: HostProcess;
  readonly #member: Member;
  readonly #flush: ProcessorFlush;
  readonly #timeoutMillis: number;
  readonly #listeners: ReadonlyMap<string, HostListener>;
  /** Changes with each flush and each end of one: a flush that was overtaken must not end the process later. */
  #flushId = 0;

  constructor(host: HostProcess, member: Member, flush: ProcessorFlush, timeoutMillis: number) {
    this.#host = host;
    this.#member = member;
    this.#flush = flush;
    this.#timeoutMillis = timeoutMillis;
    this.#listeners = new Map(
      SIGNALS.map((signal) => [signal, markListener(() => this.#onSignal(signal), member)] as const),
    );
  }

  start(): void {
    // First, to see listeners for one time: when they have been called they are gone.
    for (const [signal, listener] of this.#listeners) this.#host.prependListener(signal, listener);
  }

  stop(): void {
    for (const [signal, listener] of this.#listeners) this.#host.off(signal, listener);
  }

  #onSignal(signal: string): void {
    const isLeft = applicationListens(this.#host, signal);
    if (this.#member.phase === 'idle') this.#begin(signal, isLeft);
    // Somebody asks a second time and means it.
    else if (!isLeft) this.#end(signal, isLeft);
  }

  #begin(signal: string, isLeft: boolean): void {
    this.#member.phase = 'flushing';
    this.#flushId += 1;
    const id = this.#flushId;
    void this.#flush.forceFlush(this.#timeoutMillis).then(() => {
      if (id === this.#flushId) this.#end(signal, isLeft);
    });
  }

  /** @param isLeft whether the application listened when the signal came: by now its `once` listeners are gone */
  #end(signal: string, isLeft: boolean): void {
    this.#flushId += 1;
    this.#flush.flushSync(Math.min(MAX_REST_MILLIS, this.#timeoutMillis));
    Object.assign(this.#member, { phase: 'flushed', signal, isLeft } satisfies Member);
    const all = [...new Set([this.#member, ...SIGNALS.flatMap((name) => [...members(this.#host, name)])])];
    // The last one that has flushed ends the process for all.
    if (all.some(({ phase }) => phase === 'flushing')) return;
    const ending = all.filter((member) => member.phase === 'flushed' && !member.isLeft);
    for (const member of all) member.phase = 'idle';
    for (const name of new Set(ending.map((member) => member.signal))) {
      if (!applicationListens(this.#host, name)) this.#raise(name);
    }
  }

  /** With no listener left, the signal does what it does to every process. */
  #raise(signal: string): void {
    for (const listener of ownListeners(this.#host, signal)) this.#host.off(signal, listener);
    try {
      this.#host.kill(this.#host.pid, signal);
    } catch {
      // Not allowed: all that is left is not to end.
    }
  }
}
