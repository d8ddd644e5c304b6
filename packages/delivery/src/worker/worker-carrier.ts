import { diag } from '@opentelemetry/api';
import { callSafely, Deadline, onExit, ThrottledDiag, withTracingSuppressed } from '@spillway/core';

import type { CarriedOwner, Carrier } from '../carrier.ts';
import type { ResolvedDeliveryOptions } from '../delivery-options.ts';
import { LocalCarrier } from '../local-carrier.ts';
import { namedError } from '../named-error.ts';
import { KeptPayloads } from './kept-payloads.ts';
import { type FromWorker, toError, type WorkerEvent, type WorkerSettings } from './messages.ts';
import { OutgoingWindow } from './outgoing-window.ts';
import { SharedPool } from './shared-pool.ts';
import { WorkerCarriage } from './worker-carriage.ts';
import { WorkerThread } from './worker-thread.ts';

/** How long the end of the process may be held up so that the worker can send what it has. */
const EXIT_FLUSH_MILLIS = 2000;
/** A worker that has not come up in so many attempts never will: its program is missing, or cannot be loaded. */
const MAX_FAILED_STARTS = 3;

/** To wake another thread costs as much as to encode a hundred records, and a request of its own that of a thousand (bench/README.md). */
const LINGER_MILLIS = 100;

export interface WorkerCarrierOptions {
  /** For the case that there can be no worker. */
  readonly delivery: ResolvedDeliveryOptions;
  /** Whether the worker may have backends that no module is known of. */
  readonly hasBackends: boolean;
}

/** Carries payloads to a worker, which compresses, holds and sends them. */
export class WorkerCarrier implements Carrier {
  readonly writesAhead: boolean;
  readonly lingerMillis: number = LINGER_MILLIS;
  readonly #options: WorkerCarrierOptions;
  readonly #thread: WorkerThread;
  readonly #window: OutgoingWindow;
  readonly #pool = new SharedPool();
  /** By their numbers, until they are given up. */
  readonly #carriages = new Map<number, WorkerCarriage>();
  readonly #diag = new ThrottledDiag({ namespace: '@spillway/delivery' });
  /** Payloads that the worker has in memory only. */
  readonly #kept = new KeptPayloads();
  #state: Omit<FromWorker, 'events'> = { outboxBytes: 0, requestsInFlight: 0 };
  #stopListening: (() => void) | undefined;
  #wasEverReady = false;
  #failedStarts = 0;
  #flushedCount = 0;
  #isClosed = false;
  #isHopeless = false;
  /** For those that no worker can send. */
  #local: LocalCarrier | undefined;

  constructor(url: URL, settings: WorkerSettings, options: WorkerCarrierOptions) {
    this.#options = options;
    this.writesAhead = settings.outbox.kind === 'file';
    const thread: WorkerThread = new WorkerThread(url, settings, {
      onMessage: (message) => this.#onMessage(message),
      onDied: (error) => this.#onDied(error),
      onStarted: () => this.#introduceAll(),
    });
    this.#thread = thread;
    this.#window = new OutgoingWindow((message) => thread.post(message));
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get outboxBytes(): number {
    return (this.#local?.outboxBytes ?? 0) + this.#state.outboxBytes;
  }

  get requestsInFlight(): number {
    return (this.#local?.requestsInFlight ?? 0) + this.#state.requestsInFlight;
  }

  attach(owner: CarriedOwner): WorkerCarriage {
    if (owner.backendUrl === undefined && !this.#options.hasBackends) {
      throw new TypeError('Expected `backendUrl` where a worker sends: the module that exports the backend.');
    }
    const destination = this.#thread.nextName();
    const place = {
      owner,
      destination,
      thread: this.#thread,
      window: this.#window,
      pool: this.#pool,
      outlives: this.writesAhead,
      flushSync: (timeoutMillis: number) => this.#flushSync(timeoutMillis),
      recordsKept: () => this.#kept.recordsOf(owner.destinationId),
      forgetKept: () => this.#kept.forget(owner.destinationId),
      onGivenUp: () => void this.#carriages.delete(destination),
    };
    const carriage = new WorkerCarriage(place);
    this.#carriages.set(destination, carriage);
    this.#stopListening ??= onExit(() => this.#flushAtExit());
    if (!this.#isHopeless && !this.#thread.isStarted && !this.#thread.hasProgram) this.#giveUpWorkers();
    if (this.#isHopeless) this.#carryHere(carriage);
    else if (this.#thread.isStarted) carriage.introduce([]);
    else this.#thread.start();
    return carriage;
  }

  async close(deadline: Deadline): Promise<void> {
    this.#isClosed = true;
    this.#stopListening?.();
    await this.#local?.close(deadline);
    await this.#thread.close(deadline);
  }

  #introduceAll(): void {
    this.#kept.handOver();
    for (const carriage of this.#carriages.values()) {
      if (!carriage.isHere) carriage.introduce(this.#kept.handedTo(carriage.owner.destinationId));
    }
    this.#window.postAgain();
    for (const carriage of this.#carriages.values()) carriage.askAgain();
  }

  /** Says whether another worker is to be started. */
  #onDied(error: Error): boolean {
    this.#failedStarts += 1;
    this.#state = { outboxBytes: 0, requestsInFlight: 0 };
    const isHopeless = !this.#wasEverReady && this.#failedStarts >= MAX_FAILED_STARTS;
    if (isHopeless) {
      this.#giveUpWorkers(error);
    } else if (this.#wasEverReady) {
      this.#diag.error('worker', 'A worker is started again, and given what it had', error);
    } else this.#diag.warn('start', 'A worker could not start, and is tried again', error);
    return !isHopeless;
  }

  #giveUpWorkers(
    error: Error = namedError('WorkerError', 'Its program is missing. A bundle needs `workerUrl`.'),
  ): void {
    this.#isHopeless = true;
    this.#diag.error('no worker', 'There is no worker: the thread that logs compresses and sends', error);
    for (const carriage of this.#carriages.values()) this.#carryHere(carriage);
  }

  #carryHere(carriage: WorkerCarriage): void {
    if (carriage.isHere) return;
    this.#local ??= new LocalCarrier(this.#options.delivery);
    carriage.carryHere(this.#local.attach(carriage.owner), this.#kept.take(carriage.owner.destinationId));
  }

  #onMessage({ events, ...state }: FromWorker): void {
    // Nobody waits for one that came up too late: what it was given is dealt with here.
    if (this.#isHopeless) return;
    this.#state = state;
    for (const event of events) {
      callSafely(
        () => this.#onEvent(event),
        (error) => this.#diag.error('event', 'An event of the worker could not be dealt with', error),
      );
    }
  }

  #onEvent(event: WorkerEvent): void {
    if (event.kind === 'kept') this.#kept.add(event.id, event.payload);
    else if (event.kind === 'forgotten') this.#kept.remove(event.id);
    else if (event.kind === 'unattached') this.#onUnattached(event.destination, toError(event.error));
    else if (event.kind === 'restored') this.#kept.onRestored(event.name);
    else if (event.kind === 'stored') {
      // It has dealt with the bytes: compressed, they are others.
      for (const { body } of this.#window.onStored(event.stage)) this.#pool.release(body);
      for (const carriage of this.#carriages.values()) carriage.onStored(event.stage);
    } else if (event.kind === 'flushed')
      for (const carriage of this.#carriages.values()) carriage.onFlushed(event.flush);
    else if (event.kind === 'diag') {
      const [first = '', ...others] = event.texts;
      withTracingSuppressed(() => diag[event.level](first, ...others));
    } else if (event.kind === 'resumed') this.#reconcile(event.destination, event.count);
    else if (event.kind === 'ready') {
      this.#wasEverReady = true;
      this.#failedStarts = 0;
    } else this.#carriages.get(event.destination)?.onEvent(event);
  }

  /**
   * A worker that starts tells what it has on disk by then. What a ledger holds and is neither there nor here went with the
   * worker before it; what is there and in no ledger was stored in the moment in which that one died.
   */
  #reconcile(destination: number, onDisk: number): void {
    const carriage = this.#carriages.get(destination);
    if (carriage === undefined || carriage.isHere) return;
    const { owner } = carriage;
    const missing = owner.carried - carriage.recordsHere - onDisk;
    if (missing < 0) owner.onRecovered(-missing);
    else if (missing > 0) {
      const error = namedError('WorkerError', 'A worker has ended: what became of these records cannot be known.');
      owner.onDropped({ count: missing, reason: 'invalid', error });
    }
  }

  #onUnattached(destination: number, error: Error): void {
    this.#diag.error('backend', 'A worker cannot send to a backend: the thread that logs compresses and sends', error);
    const carriage = this.#carriages.get(destination);
    if (carriage !== undefined) this.#carryHere(carriage);
  }

  #flushSync(timeoutMillis: number): void {
    // Asked more than once at one end of a process.
    if (this.#window.bytes === 0 && [...this.#carriages.values()].every(({ owner }) => owner.carried === 0)) return;
    this.#flushedCount = this.#window.count;
    this.#window.postAll();
    this.#thread.flushSync(timeoutMillis);
    if (this.writesAhead && !this.#wasEverReady && this.#window.bytes > 0) this.#storeHere();
  }

  /** A worker that has not come up by now may never do so, and there may be no later: what it was given goes to disk here. */
  #storeHere(): void {
    this.#thread.stop();
    this.#giveUpWorkers(namedError('WorkerError', 'It did not come up in time.'));
    for (const carriage of this.#carriages.values()) carriage.flushSync(new Deadline(0));
  }

  /** Nothing that has come since the last time is no reason to wait once more. */
  #flushAtExit(): void {
    for (const carriage of this.#carriages.values()) {
      carriage.owner.handOn();
      if (carriage.isHere) carriage.flushSync(new Deadline(EXIT_FLUSH_MILLIS));
    }
    if (!this.#isHopeless && this.#window.count !== this.#flushedCount) this.#flushSync(EXIT_FLUSH_MILLIS);
  }
}
