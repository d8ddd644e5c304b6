import { Deadline, workUntilDeadline } from '@spillway/core';

import type { Carriage, CarriedOwner, Stage } from '../carrier.ts';
import type { LocalCarriage } from '../local-carrier.ts';
import type { EncodedPayload, Payload } from '../payload.ts';
import { attachMessage } from './attach-message.ts';
import { type HandedPayload, type StageMessage, toPlainError } from './messages.ts';
import type { OutgoingWindow } from './outgoing-window.ts';
import { Questions } from './questions.ts';
import { toOwn } from './shared-bytes.ts';
import type { SharedPool } from './shared-pool.ts';
import { type DestinationEvent, tellOwner } from './tell-owner.ts';
import { WorkerStage } from './worker-stage.ts';
import type { WorkerThread } from './worker-thread.ts';

/** How long a worker may take to answer what needs no time. */
const ANSWER_MILLIS = 500;
/** The mark of what a worker was given: no place in an order of this thread. */
const ALL_OF_WORKER = -1;
/** Tenants whose ratio is remembered; a guard only. */
const MAX_TENANTS = 1000;

export interface WorkerCarriagePlace {
  readonly owner: CarriedOwner;
  /** Its number among those that use the worker. */
  readonly destination: number;
  readonly thread: WorkerThread;
  readonly window: OutgoingWindow;
  /** Memory for bodies on their way. */
  readonly pool: SharedPool;
  /** Blocks this thread until the worker has sent everything, for a time in milliseconds at most. */
  readonly flushSync: (timeoutMillis: number) => void;
  /** Whether the worker's outbox is on disk. */
  readonly outlives: boolean;
  /** Records of the owner that the worker has in memory only. */
  readonly recordsKept: () => number;
  /** Forgets them, so that no other worker is given them; answers how many they were. */
  readonly forgetKept: () => number;
  /** Called when nothing is to be told to it any more. */
  readonly onGivenUp: () => void;
}

/** The way of one owner's payloads to a worker. */
export class WorkerCarriage implements Carriage {
  readonly owner: CarriedOwner;
  readonly #place: WorkerCarriagePlace;
  readonly #stages = new Map<number, WorkerStage>();
  readonly #questions = new Questions();
  readonly #sizeRatios = new Map<string | undefined, number>();
  #isGivenUp = false;
  /** Does everything where there can be no worker. */
  #local: Carriage | undefined;

  constructor(place: WorkerCarriagePlace) {
    this.owner = place.owner;
    this.#place = place;
  }

  get stagedBytes(): number {
    return this.#local?.stagedBytes ?? this.#place.window.bytes;
  }

  /** Records in the ledger that are in the memory of this thread. */
  get recordsHere(): number {
    const staged = [...this.#stages.values()].filter(({ isAccepted }) => isAccepted);
    return staged.reduce((sum, { recordCount }) => sum + recordCount, this.#place.recordsKept());
  }

  /** Whether this thread does everything. */
  get isHere(): boolean {
    return this.#local !== undefined;
  }

  sizeRatio(tenant: string | undefined): number {
    return this.#local?.sizeRatio(tenant) ?? this.#sizeRatios.get(tenant) ?? 1;
  }

  stage(encoded: readonly EncodedPayload[]): Stage {
    if (this.#local !== undefined) return this.#local.stage(encoded);
    const stage = new WorkerStage(encoded);
    if (encoded.length > 0) {
      const name = this.#place.thread.nextName();
      const { pool, window } = this.#place;
      const payloads = encoded.map((payload) => ({ ...payload, body: pool.copy(payload.body) }));
      this.#stages.set(name, stage);
      if (window.add({ kind: 'stage', ...this.#address, stage: name, payloads })) return stage;
      for (const { body } of payloads) pool.release(body);
      this.#stages.delete(name);
      stage.isRefused = true;
    }
    stage.settle();
    return stage;
  }

  accept(stage: Stage): void {
    if (!(stage instanceof WorkerStage)) this.#local?.accept(stage);
    else if (stage.isRefused) this.owner.onDropped({ count: stage.recordCount, reason: 'outbox_full' });
    else stage.isAccepted = true;
  }

  async stored(): Promise<void> {
    const stages = [...this.#stages.values()];
    const local = this.#local?.stored();
    await Promise.all([local, ...stages.map((stage) => new Promise<void>((done) => stage.onStored(done)))]);
  }

  /** What was staged before has been posted before, and the worker takes one message after the other. */
  mark(): number {
    return this.#local?.mark() ?? ALL_OF_WORKER;
  }

  async flush(mark: number, deadline: Deadline): Promise<void> {
    if (this.#isGivenUp) return;
    if (this.#local === undefined) await this.#flushThere(deadline);
    // There may be no worker any more.
    await this.#flushHere(mark, deadline);
  }

  redirect(): void {
    if (this.#local !== undefined) this.#local.redirect();
    else this.#place.thread.post({ kind: 'url', ...this.#address, url: this.owner.url });
  }

  async abandon(onGivingUp: () => void): Promise<void> {
    if (this.#local === undefined) {
      const answered = this.#ask((flush) => this.#place.thread.post({ kind: 'abandon', ...this.#address, flush }));
      await workUntilDeadline(new Deadline(ANSWER_MILLIS), answered);
    }
    onGivingUp();
    await this.#local?.abandon(() => {});
    this.#giveUp();
  }

  flushSync(deadline: Deadline): void {
    if (this.#local !== undefined) this.#local.flushSync(deadline);
    else this.#place.flushSync(deadline.remainingMillis);
  }

  /** Tells a worker that knows nothing yet about this destination. */
  introduce(kept: readonly HandedPayload[]): void {
    const message = attachMessage(this.owner, this.#place.destination, kept);
    this.#place.thread.post(message);
    // Those that take time: so that there are some when nobody can be asked any more.
    if (message.headers === undefined) void this.#tellHeaders();
  }

  /** Asks a worker what the one before it has not answered. It knows the owner by now, and has its payloads. */
  askAgain(): void {
    this.#questions.askAgain();
  }

  /** There can be no worker for it, now or any more: what was kept of a worker, and what was meant for one, goes here. */
  carryHere(local: LocalCarriage, kept: readonly Payload[] = []): void {
    this.#local = local;
    void local.restore(kept);
    for (const message of this.#place.window.take(this.#place.destination)) this.#stageHere(message);
    this.#questions.end();
  }

  /** An outbox has answered for a stage, which may be another destination's. */
  onStored(name: number): void {
    const stage = this.#stages.get(name);
    this.#stages.delete(name);
    stage?.settle();
  }

  onFlushed(flush: number): void {
    this.#questions.onAnswer(flush);
  }

  onEvent(event: DestinationEvent): void {
    if (event.kind === 'headers-wanted') void this.#tellHeaders();
    else if (event.kind === 'size-ratio') this.#onSizeRatio(event.tenant, event.ratio);
    else tellOwner(this.owner, event);
  }

  get #address(): { readonly destination: number } {
    return { destination: this.#place.destination };
  }

  #flushThere(deadline: Deadline): Promise<void> {
    const { thread } = this.#place;
    const done = this.#ask((flush) => {
      const timeoutMillis = Math.min(deadline.remainingMillis, Number.MAX_SAFE_INTEGER);
      thread.post({ kind: 'flush', ...this.#address, flush, timeoutMillis });
    });
    return workUntilDeadline(deadline, done);
  }

  async #flushHere(mark: number, deadline: Deadline): Promise<void> {
    const local = this.#local;
    await local?.flush(mark === ALL_OF_WORKER ? local.mark() : mark, deadline);
  }

  /** Stages here what was meant for a worker. */
  #stageHere({ stage: name, payloads }: StageMessage): void {
    const local = this.#local as Carriage;
    const stage = local.stage(payloads.map((payload) => ({ ...payload, body: toOwn(payload.body) })));
    stage.onStored(() => {
      this.onStored(name);
      local.accept(stage);
    });
  }

  /** What the worker has not answered for is given up here. */
  #giveUp(): void {
    this.#isGivenUp = true;
    this.#place.onGivenUp();
    this.#questions.end();
    this.#place.window.take(this.#place.destination);
    let count = this.#place.forgetKept();
    for (const stage of this.#stages.values()) {
      if (stage.isAccepted) count += stage.recordCount;
      // Not taken: its export is answered FAILED.
      stage.settle();
    }
    this.#stages.clear();
    // What is not on disk is lost, wherever it was on its way.
    const { carried } = this.owner;
    const lost = this.#place.outlives ? Math.min(count, carried) : carried;
    if (lost > 0) this.owner.onDropped({ count: lost, reason: 'shutdown' });
  }

  #onSizeRatio(tenant: string | undefined, ratio: number): void {
    if (this.#sizeRatios.size >= MAX_TENANTS) this.#sizeRatios.clear();
    this.#sizeRatios.set(tenant, ratio);
  }

  async #tellHeaders(): Promise<void> {
    const { thread } = this.#place;
    try {
      const headers = await this.owner.revealHeaders();
      thread.post({ kind: 'headers', ...this.#address, headers, error: undefined });
    } catch (error) {
      thread.post({ kind: 'headers', ...this.#address, headers: undefined, error: toPlainError(error as Error) });
    }
  }

  #ask(post: (flush: number) => void): Promise<void> {
    const flush = this.#place.thread.nextName();
    return this.#questions.ask(flush, () => post(flush));
  }
}
