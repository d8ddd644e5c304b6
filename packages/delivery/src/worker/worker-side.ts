import { diag } from '@opentelemetry/api';
import { Deadline } from '@spillway/core';

import type { Backend } from '../backend.ts';
import { type ResolvedDeliveryOptions, resolveDeliveryOptions } from '../delivery-options.ts';
import type { FileOutboxOptions } from '../file-outbox/file-outbox-options.ts';
import { openSqliteOutbox } from '../file-outbox/open-sqlite-outbox.ts';
import { type LocalCarriage, LocalCarrier } from '../local-carrier.ts';
import type { Outbox } from '../outbox.ts';
import type { EncodedPayload } from '../payload.ts';
import { fromBackoffTable } from './backoff-table.ts';
import { EventQueue } from './event-queue.ts';
import { forwardDiag } from './forward-diag.ts';
import { KeptOutbox } from './kept-outbox.ts';
import {
  type AttachMessage,
  type FlushSyncMessage,
  type HandedPayload,
  type StageMessage,
  toPlainError,
  type ToWorker,
  type WorkerSettings,
  type WorkerStart,
} from './messages.ts';
import { RemoteOwner } from './remote-owner.ts';

interface Attached {
  readonly owner: RemoteOwner;
  readonly carriage: LocalCarriage;
  readonly tenants: Map<string | undefined, number>;
}

/** Finds the backend of a destination. */
export type FindBackend = (message: AttachMessage) => Promise<Backend>;

/** The worker's side of a delivery: an ordinary carrier, whose owners are on the other thread. */
export class WorkerSide {
  readonly #events: EventQueue;
  readonly #finished: Int32Array;
  readonly #port: WorkerStart['port'];
  readonly #carrier: LocalCarrier;
  readonly #findBackend: FindBackend;
  readonly #attached = new Map<number, Attached>();
  /** Messages are dealt with one after the other, as the other thread means them. */
  #last: Promise<void> = Promise.resolve();
  #waitingMessages = 0;
  #isReady = false;
  /** The other thread waits for us, and answers nothing. */
  #isMainBlocked = false;
  #lastTicket = 0;

  constructor({ settings, port, finished }: WorkerStart, findBackend: FindBackend) {
    this.#port = port;
    this.#finished = new Int32Array(finished);
    this.#findBackend = findBackend;
    this.#events = new EventQueue((message) => port.postMessage(message));
    diag.setLogger(forwardDiag(this.#events), { suppressOverrideMessage: true });
    this.#carrier = new LocalCarrier(deliveryOptions(settings, this.#events), {
      fallback: new KeptOutbox(undefined, this.#events),
      adoptsWhenAsked: true,
    });
    const carrier = this.#carrier;
    this.#events.state = () => ({ outboxBytes: carrier.outboxBytes, requestsInFlight: carrier.requestsInFlight });
  }

  /** Begins to do what the other thread says. */
  listen(): void {
    this.#port.on('message', (message: ToWorker) => this.#receive(message));
  }

  #receive(message: ToWorker): void {
    if (message.kind === 'headers') {
      // Not in turn: what is before it may wait for it.
      this.#attached.get(message.destination)?.owner.onHeaders(message.headers, message.error);
      return;
    }
    if (message.kind === 'flush-sync') this.#beBlocked(message.ticket);
    this.#waitingMessages += 1;
    this.#last = this.#last.then(() => this.#handle(message));
  }

  async #handle(message: Exclude<ToWorker, { kind: 'headers' }>): Promise<void> {
    if (message.kind === 'attach') await this.#attach(message);
    else if (message.kind === 'close') await this.#close();
    else if (message.kind === 'flush-sync') void this.#flushSync(message);
    else this.#handleOf(message);
    this.#waitingMessages -= 1;
    if (this.#waitingMessages === 0) this.#beReady();
  }

  #handleOf(message: Exclude<ToWorker, { kind: 'attach' | 'close' | 'flush-sync' | 'headers' }>): void {
    const attached = this.#attached.get(message.destination);
    if (attached === undefined) return;
    const { owner, carriage } = attached;
    if (message.kind === 'stage') this.#stage(message, attached);
    else if (message.kind === 'url') {
      owner.url = message.url;
      carriage.redirect();
    } else if (message.kind === 'flush') {
      const deadline = new Deadline(message.timeoutMillis);
      void carriage.flush(carriage.mark(), deadline).then(() => this.#onFlushed(message.flush));
    } else {
      this.#attached.delete(message.destination);
      void carriage.abandon(() => {}).then(() => this.#onFlushed(message.flush));
    }
  }

  #onFlushed(flush: number): void {
    this.#events.add({ kind: 'flushed', flush });
  }

  async #attach(message: AttachMessage): Promise<void> {
    const { destination, kept } = message;
    let backend: Backend;
    try {
      backend = await this.#findBackend(message);
    } catch (error) {
      this.#events.add({ kind: 'unattached', destination, error: toPlainError(error as Error) });
      return;
    }
    const owner = new RemoteOwner(message, backend, this.#events, () => this.#isMainBlocked);
    const carriage = this.#carrier.attach(owner);
    this.#attached.set(destination, { owner, carriage, tenants: new Map() });
    const payloads = kept.map(({ payload }) => payload);
    const onRestored = (index: number): void =>
      this.#events.add({ kind: 'restored', name: (kept[index] as HandedPayload).name });
    // Taken by an outbox and still handed over, a payload would be counted and sent twice.
    await this.#events.together(() => carriage.restore(payloads, onRestored));
  }

  /** All that was there at the start is known now: payloads on disk find their owners. */
  #beReady(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    this.#carrier.adopt();
    for (const [destination, { carriage }] of this.#attached) {
      this.#events.add({ kind: 'resumed', destination, count: carriage.durableRecords });
    }
    this.#events.add({ kind: 'ready' });
  }

  #stage({ destination, stage: name, payloads }: StageMessage, { carriage, tenants }: Attached): void {
    const stage = carriage.stage(payloads);
    stage.onStored(() => {
      this.#events.add({ kind: 'stored', stage: name });
      carriage.accept(stage);
      for (const tenant of tenantsOf(payloads)) {
        const ratio = carriage.sizeRatio(tenant);
        if (ratio === (tenants.get(tenant) ?? 1)) continue;
        tenants.set(tenant, ratio);
        this.#events.add({ kind: 'size-ratio', destination, tenant, ratio });
      }
    });
  }

  /** Requests that wait for headers go on with the last ones. */
  #beBlocked(ticket: number): void {
    this.#isMainBlocked = true;
    this.#lastTicket = ticket;
    for (const { owner } of this.#attached.values()) owner.onHeaders(undefined);
  }

  /** Stores everything, sends it as far as the time reaches, and wakes the other thread, whatever goes wrong. */
  async #flushSync({ ticket, timeoutMillis }: FlushSyncMessage): Promise<void> {
    try {
      await this.#flushAll(new Deadline(timeoutMillis));
    } catch (error) {
      diag.error('@spillway/delivery', `What a worker holds could not be flushed: ${String(error)}`);
    }
    this.#events.flush();
    // The thread that asked for more since then waits for that.
    if (ticket !== this.#lastTicket) return;
    this.#isMainBlocked = false;
    Atomics.store(this.#finished, 0, ticket);
    Atomics.notify(this.#finished, 0);
  }

  async #flushAll(deadline: Deadline): Promise<void> {
    const carriages = [...this.#attached.values()].map(({ carriage }) => carriage);
    for (const carriage of carriages) carriage.flushSync(deadline);
    await Promise.all(
      carriages.map(async (carriage) => {
        const mark = carriage.mark();
        await carriage.stored();
        await carriage.flush(mark, deadline);
      }),
    );
  }

  async #close(): Promise<void> {
    await this.#carrier.close(new Deadline(Infinity));
    this.#events.flush();
    // Nothing keeps the thread alive any more.
    this.#port.close();
  }
}

function tenantsOf(payloads: readonly EncodedPayload[]): ReadonlySet<string | undefined> {
  return new Set(payloads.map(({ tenant }) => tenant));
}

function deliveryOptions(settings: WorkerSettings, events: EventQueue): ResolvedDeliveryOptions {
  const { outbox, backoff, maxBytesPerSecond, ...others } = settings;
  return resolveDeliveryOptions({
    ...others,
    ...(maxBytesPerSecond !== undefined && { maxBytesPerSecond }),
    backoff: fromBackoffTable(backoff),
    outbox: makeOutbox(outbox, events),
  });
}

function makeOutbox(recipe: WorkerSettings['outbox'], events: EventQueue): Outbox {
  if (recipe.kind === 'memory') return new KeptOutbox(recipe.maxBytes, events);
  return openSqliteOutbox(recipe.options as FileOutboxOptions, recipe.fileName);
}
