import type { DropReason } from '@spillway/core';
import { nextDelayMillis } from '@spillway/retry';

import type { EncodedPayload, Payload } from './payload.ts';
import type { ResolvedDeliveryOptions } from './delivery-options.ts';
import type { Admission } from './gate.ts';
import { headOf, type HeldPayload, holdPayload, type RequestProblem } from './held-payload.ts';
import { namedError } from './named-error.ts';
import { TakenOverPayloadError } from './outbox.ts';
import { inheritedFailures, isSuspect } from './ordered-sending.ts';
import type { PayloadStore, StoredPayload } from './payload-store.ts';
import { splitInParts } from './split-in-parts.ts';
import { isPoison, isRefusedThroughout, mayBeCause } from './suspicion.ts';
import { judge, type Judgement, type Outcome } from './verdict.ts';

/** What a settlement does to the payloads that are held. */
export interface HeldActions {
  /** Says whether it was still there: a shutdown may have given it up meanwhile. */
  remove(held: HeldPayload): boolean;
  add(held: HeldPayload): void;
  wait(held: HeldPayload, until: number): void;
}

type DeliveryDropReason = Extract<
  DropReason,
  'rejected' | 'too_large' | 'expired' | 'invalid' | 'outbox_full' | 'retry_exhausted'
>;

/** Decides what becomes of a payload after an attempt: stored, dropped, cut in two, or held to be sent again. */
export class Settlement {
  readonly #options: ResolvedDeliveryOptions;
  readonly #store: PayloadStore;
  readonly #actions: HeldActions;

  constructor(options: ResolvedDeliveryOptions, store: PayloadStore, actions: HeldActions) {
    this.#options = options;
    this.#store = store;
    this.#actions = actions;
  }

  /** Settles an attempt. Never rejects. */
  async settle(held: HeldPayload, outcome: Outcome, durationMillis: number): Promise<void> {
    const admission = held.admission as Admission;
    if (outcome.kind === 'aborted' || outcome.kind === 'taken-over') {
      held.admission = undefined;
      held.gate.onAborted(admission);
      if (outcome.kind === 'taken-over') this.#giveOver(held);
      return;
    }
    if (outcome.kind === 'unreadable' && outcome.isLost) {
      held.gate.onAborted(admission);
      this.#dropWhole(held, 'invalid', outcome.error);
      held.admission = undefined;
      return;
    }
    const judgement = judge(outcome, held.owner, held.recordCount, this.#options.epochNow());
    held.owner.onRequestEnd(problemOf(judgement), durationMillis);
    const now = this.#options.now();
    const { verdict } = judgement;
    if (verdict.outcome === 'retryable') this.#retryLater(held, admission, judgement, verdict, now);
    else if (verdict.outcome === 'refused-by-configuration') held.gate.onRefused(now, admission);
    else held.gate.onAnswered(now);
    // Where the page was away meanwhile, another one may have sent it as well.
    const isTakenOver = this.#store.isTakenOver(held);
    if (isTakenOver instanceof Promise ? await isTakenOver : isTakenOver) this.#giveOver(held);
    else if (verdict.outcome === 'delivered') this.#finish(held, 0);
    else if (verdict.outcome === 'rejected') this.#finish(held, verdict.rejectedCount, verdict.error);
    else if (verdict.outcome === 'split') await this.#split(held, verdict.reason, verdict.error);
    else await this.#giveUpIfHopeless(held, verdict.error);
    held.admission = undefined;
  }

  /** Its records are in another ledger now. */
  #giveOver(held: HeldPayload): void {
    if (this.#actions.remove(held)) held.owner.onRecovered(-held.recordCount);
  }

  #finish(held: HeldPayload, rejectedCount: number, error?: Error): void {
    if (!this.#actions.remove(held)) return;
    // A count that cannot be read is a refusal all the same: at worst all of it.
    const count = Number.isNaN(rejectedCount) ? held.recordCount : Math.trunc(rejectedCount);
    const rejected = Math.min(Math.max(count, 0), held.recordCount);
    if (rejected < held.recordCount) held.owner.onDelivered(held.recordCount - rejected);
    if (rejected > 0) this.#drop(held, 'rejected', error, rejected);
  }

  #retryLater(
    held: HeldPayload,
    admission: Admission,
    { hintMillis, mayBePayload }: Judgement,
    { throttled }: { readonly throttled: boolean },
    now: number,
  ): void {
    const { backoff, random } = this.#options;
    held.attempts += 1;
    held.throttles = throttled ? held.throttles + 1 : 0;
    if (mayBePayload) {
      held.answeredFailures += 1;
      if (held.gate.isProbing) held.failedProbes += 1;
      if (held.attempts > 1 && held.gate.deliveries > held.deliveriesAtFailure) held.lonelyFailures += 1;
    }
    held.deliveriesAtFailure = held.gate.deliveries;
    held.gate.onFailed(now, random(), admission, { throttled, hintMillis });
    this.#actions.wait(held, now + nextDelayMillis({ attempt: held.attempts, backoff, random: random(), hintMillis }));
  }

  async #giveUpIfHopeless(held: HeldPayload, error: Error): Promise<void> {
    const { maxAttempts, maxAgeMillis, epochNow } = this.#options;
    if (held.attempts >= maxAttempts) this.#dropWhole(held, 'retry_exhausted', error);
    else if (epochNow() - held.takenAtMillis > maxAgeMillis) this.#dropWhole(held, 'expired', error);
    else if (held.recordCount > 1 && mayBeCause(held)) await this.#split(held, 'rejected', error);
    else if (held.recordCount <= 1 && isPoison(held)) await this.#giveUpRecord(held, 'retry_exhausted', error);
  }

  /** Replaces a payload by its halves, at its place. */
  async #split(held: HeldPayload, reason: 'too_large' | 'rejected', cause: Error): Promise<void> {
    if (held.recordCount <= 1) return this.#giveUpRecord(held, reason, cause);
    if (reason === 'rejected' && isRefusedThroughout(held)) return this.#dropWhole(held, reason, cause);
    let parts: readonly EncodedPayload[];
    try {
      parts = splitInParts(await this.#store.readEncoded(held), held.owner.backend);
    } catch (error) {
      if (error instanceof TakenOverPayloadError) return this.#giveOver(held);
      return this.#dropWhole(held, reason, namedError('SplitError', 'A payload could not be cut in two.', error));
    }
    const payloads = await Promise.all(parts.map((part) => this.#store.compress(part, held)));
    const stored = await Promise.all(payloads.map((payload) => this.#store.putBeside(payload).catch(() => undefined)));
    if (this.#actions.remove(held)) this.#holdParts(held, payloads, stored, cause);
    else for (const part of stored) if (part !== undefined) await this.#store.remove(part).catch(() => {});
  }

  #holdParts(
    whole: HeldPayload,
    payloads: readonly Payload[],
    stored: readonly (StoredPayload | undefined)[],
    cause: Error,
  ): void {
    const { owner, gate, kinship } = whole;
    const orderSpan = whole.orderSpan / payloads.length;
    for (const [index, payload] of payloads.entries()) {
      const part = stored[index];
      const place = { owner, gate, kinship, order: whole.order + index * orderSpan, orderSpan };
      if (part === undefined) this.#drop(whole, 'outbox_full', cause, payload.recordCount);
      else {
        const answeredFailures = inheritedFailures(whole, payload.recordCount);
        const held = holdPayload(headOf(payload), { ...place, id: part.id, bytes: part.bytes });
        this.#actions.add(Object.assign(held, { answeredFailures }));
      }
    }
  }

  /** Drops a record that stands alone, and tells its owner which one it is. */
  async #giveUpRecord(held: HeldPayload, reason: DeliveryDropReason, error: Error): Promise<void> {
    const { owner, kinship } = held;
    if (reason === 'rejected') kinship.refusedAlone += 1;
    // One that others have passed may be refused for coming after them, and its like would be taken.
    const isItsFault = reason !== 'rejected' || !isSuspect(held);
    const isTold = isItsFault && owner.onGivenUp !== undefined;
    const record = isTold ? await this.#store.readEncoded(held).catch(() => undefined) : undefined;
    this.#dropWhole(held, reason, error);
    if (record !== undefined) owner.onGivenUp?.(record);
  }

  #dropWhole(held: HeldPayload, reason: DeliveryDropReason, error: Error): void {
    if (this.#actions.remove(held)) this.#drop(held, reason, error, held.recordCount);
  }

  #drop(held: HeldPayload, reason: DeliveryDropReason, error: Error | undefined, count: number): void {
    held.owner.onDropped({ count, reason, ...(error !== undefined && { error }) });
  }
}

function problemOf({ verdict, statusCode }: Judgement): RequestProblem | undefined {
  if (verdict.outcome === 'delivered') return undefined;
  return { error: verdict.error, isConfiguration: verdict.outcome === 'refused-by-configuration', statusCode };
}
