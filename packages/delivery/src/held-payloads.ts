import type { BackoffSchedule } from '@spillway/retry';

import { Gate } from './gate.ts';
import type { HeldPayload, PayloadOwner } from './held-payload.ts';
import { isOrdered } from './ordered-sending.ts';
import { SendOrder } from './send-order.ts';

/**
 * Older than this, the oldest payload goes before anything urgent: Loki refuses what is more than an hour behind the
 * newest line of its stream, so that newer lines sent first would lock it out.
 * @see https://grafana.com/docs/loki/latest/configure/#limits_config (reject window is half of max_chunk_age; read 2026-11-21)
 */
const STRICT_ORDER_AGE_MILLIS = 50 * 60 * 1000;
/** Gates remembered without a payload; one a tenant, so only a guard. */
const MAX_IDLE_GATES = 1000;

/** All payloads in the outbox, by gate, and which of them is next. Pure. */
export class HeldPayloads {
  readonly #backoff: BackoffSchedule;
  readonly #maxConcurrent: number;
  readonly #gates = new Map<string, Gate>();
  readonly #orders = new Map<Gate, SendOrder>();
  readonly #blockedUrls = new Set<string>();

  constructor(backoff: BackoffSchedule, maxConcurrent: number) {
    this.#backoff = backoff;
    this.#maxConcurrent = maxConcurrent;
  }

  /** The gate of an endpoint and tenant. */
  gateFor(url: string | undefined, tenant: string | undefined): Gate {
    const key = `${url ?? ''} ${tenant ?? ''}`;
    const known = this.#gates.get(key);
    if (known !== undefined) return known;
    if (this.#gates.size >= MAX_IDLE_GATES) this.#forgetIdleGates();
    const gate = new Gate(this.#backoff, this.#maxConcurrent);
    if (this.#blockedUrls.has(url ?? '')) gate.block();
    this.#gates.set(key, gate);
    return gate;
  }

  /** Sends nothing to an endpoint any more; says whether anything was sent there until now. */
  block(url: string): boolean {
    if (this.#blockedUrls.has(url)) return false;
    this.#blockedUrls.add(url);
    for (const [key, gate] of this.#gates) if (key.startsWith(`${url} `)) gate.block();
    return true;
  }

  add(held: HeldPayload): void {
    let order = this.#orders.get(held.gate);
    if (order === undefined) {
      order = new SendOrder();
      this.#orders.set(held.gate, order);
    }
    order.add(held);
  }

  /** Says whether it was there. */
  remove(held: HeldPayload): boolean {
    const order = this.#orders.get(held.gate);
    if (order === undefined || !order.remove(held)) return false;
    if (order.size === 0) this.#orders.delete(held.gate);
    return true;
  }

  wait(held: HeldPayload, until: number): void {
    this.#orders.get(held.gate)?.wait(held, until);
  }

  endWaits(owner: PayloadOwner): void {
    for (const gate of this.gatesOf(owner)) this.#orders.get(gate)?.endWaits();
  }

  /** What waits may be sent at once, and each backend that is taken for down is asked. */
  retryNow(): void {
    for (const [gate, order] of this.#orders) {
      gate.forceProbe();
      order.endWaits();
    }
  }

  /**
   * What may be sent at the very end of a page, as far as its gate admits it: the most severe first, of those the newest,
   * unless all has to go in its order.
   */
  lastOf(owner: PayloadOwner, epochMillis: number): HeldPayload[] {
    if (owner.url === undefined || isOrdered({ owner })) return [];
    const free = this.of(owner).filter(
      ({ admission, gate }) => admission === undefined && !mustKeepOrder(this.#orders.get(gate), epochMillis),
    );
    return free.toSorted((a, b) => b.highestSeverity - a.highestSeverity || b.order - a.order);
  }

  /** What an owner has here. */
  of(owner: PayloadOwner): HeldPayload[] {
    return [...this.#orders.values()].flatMap((order) => [...order.all()].filter((held) => held.owner === owner));
  }

  /** The gates that payloads of an owner wait at. */
  gatesOf(owner: PayloadOwner): Gate[] {
    return [...this.#orders].filter(([, order]) => order.hasAny(owner)).map(([gate]) => gate);
  }

  /** Puts an owner's payloads in front of the gates of its present endpoint. */
  regate(owner: PayloadOwner): void {
    for (const held of this.of(owner)) if (held.admission === undefined) this.place(held);
  }

  /** Puts a payload in front of the gate of its owner's endpoint, if it is still here and stands at another. */
  place(held: HeldPayload): void {
    const gate = this.gateFor(held.owner.url, held.tenant);
    if (gate === held.gate || !this.remove(held)) return;
    held.gate = gate;
    held.notBefore = 0;
    this.add(held);
  }

  /** The payload to send next: urgent ones first, then by age; only urgent ones where `urgentOnly`. */
  next(now: number, epochMillis: number, urgentOnly: boolean): HeldPayload | undefined {
    let best: HeldPayload | undefined;
    let bestIsUrgent = false;
    for (const [gate, order] of this.#orders) {
      if (!gate.mayAdmit(now)) continue;
      const urgent = this.#urgent(gate, order, now, epochMillis);
      const held = urgent ?? (urgentOnly ? undefined : this.#ordinary(gate, order, now));
      if (held === undefined || held.owner.url === undefined) continue;
      const isUrgent = urgent !== undefined;
      const isBetter = isUrgent === bestIsUrgent ? best === undefined || held.order < best.order : isUrgent;
      if (isBetter) [best, bestIsUrgent] = [held, isUrgent];
    }
    return best;
  }

  /** The payload to give up first, out of those that are accepted. */
  victim(isCandidate: (held: HeldPayload) => boolean): HeldPayload | undefined {
    let least: HeldPayload | undefined;
    for (const order of this.#orders.values()) {
      const victim = order.victim(isCandidate);
      if (victim !== undefined && (least === undefined || isLess(victim, least))) least = victim;
    }
    return least;
  }

  /** When something may be sent next for reasons of time. */
  wakeAt(now: number): number | undefined {
    let earliest = Infinity;
    for (const [gate, order] of this.#orders) {
      const at = gate.wakeAt(now) ?? order.wakeAt(now);
      if (at !== undefined) earliest = Math.min(earliest, at);
    }
    return earliest === Infinity ? undefined : earliest;
  }

  #urgent(gate: Gate, order: SendOrder, now: number, epochMillis: number): HeldPayload | undefined {
    return gate.isProbing || mustKeepOrder(order, epochMillis) ? undefined : order.next(now, true);
  }

  #ordinary(gate: Gate, order: SendOrder, now: number): HeldPayload | undefined {
    return gate.isProbing ? order.probe() : order.next(now, false);
  }

  #forgetIdleGates(): void {
    for (const [key, gate] of this.#gates) {
      if (!this.#orders.has(gate) && gate.active === 0 && !gate.isProbing) this.#gates.delete(key);
    }
  }
}

function mustKeepOrder(order: SendOrder | undefined, epochMillis: number): boolean {
  const oldest = order?.oldest();
  return oldest !== undefined && epochMillis - oldest.oldestTimeMillis > STRICT_ORDER_AGE_MILLIS;
}

function isLess(a: HeldPayload, b: HeldPayload): boolean {
  return a.highestSeverity === b.highestSeverity ? a.order < b.order : a.highestSeverity < b.highestSeverity;
}
