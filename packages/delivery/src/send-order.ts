import type { HeldPayload, PayloadOwner } from './held-payload.ts';
import { isOrdered, isSuspect, turnTaker } from './ordered-sending.ts';

/** Severity numbers from here on (ERROR) overtake: somebody is waiting for them. */
const URGENT_SEVERITY = 17;
const SEVERITIES = 25;
/** After so many probes answered with an error, a payload may itself be the reason. */
const PROBES_PER_PAYLOAD = 3;
/** How many such payloads a probe passes over: far enough for a healthy one, near enough to keep the order. */
const PROBE_LOOKAHEAD = 8;

/** A payload, or the end of a list, which stands behind its last and before its first one. */
interface Node {
  readonly held?: HeldPayload;
  previous: Node;
  next: Node;
}

/**
 * The payloads of one gate in the order of encoding, a linked list for each severity: adding and removing are O(1) however
 * many wait; the next to send and the first to evict are behind no more than those that wait or are being sent. Those of
 * ordered backends are all in the first list. Pure.
 */
export class SendOrder {
  readonly #lists: Node[] = Array.from({ length: SEVERITIES }, emptyList);
  readonly #nodes = new Map<HeldPayload, Node>();
  readonly #waiting = new Set<HeldPayload>();
  readonly #owners = new Map<PayloadOwner, number>();

  get size(): number {
    return this.#nodes.size;
  }

  /** Adds a payload at its place; nearly always that is the end. */
  add(held: HeldPayload): void {
    let { previous } = this.#listOf(held);
    while (previous.held !== undefined && previous.held.order > held.order) previous = previous.previous;
    const { next } = previous;
    const node: Node = { held, previous, next };
    previous.next = node;
    next.previous = node;
    this.#nodes.set(held, node);
    this.#count(held.owner, 1);
  }

  /** Whether any payload here belongs to this owner. */
  hasAny(owner: PayloadOwner): boolean {
    return this.#owners.has(owner);
  }

  /** Says whether it was there. */
  remove(held: HeldPayload): boolean {
    const node = this.#nodes.get(held);
    if (node === undefined) return false;
    node.previous.next = node.next;
    node.next.previous = node.previous;
    this.#nodes.delete(held);
    this.#waiting.delete(held);
    this.#count(held.owner, -1);
    return true;
  }

  /** The oldest payload, of any kind and state. */
  oldest(): HeldPayload | undefined {
    return this.#oldestWhere(0, () => true);
  }

  /** The oldest payload that may be sent now; `urgent` asks for ERROR and above only. */
  next(now: number, urgent: boolean): HeldPayload | undefined {
    const takesTurn = turnTaker();
    return this.#oldestWhere(urgent ? URGENT_SEVERITY : 0, (held) => takesTurn(held) && isReady(held, now));
  }

  /**
   * The payload to probe a backend with: the oldest, whether it waits or not, because the gate sets the pace. One that
   * the backend has answered with errors several times gives way to a younger one: it must not stand for the health of
   * the backend for ever. Suspects of ordered backends are passed over however many they are: a histogram alone can be
   * more than the look-ahead, others have their turn before them already, and all behind them would wait in vain.
   */
  probe(): HeldPayload | undefined {
    const takesTurn = turnTaker();
    let oldest: HeldPayload | undefined;
    let passedOver = 0;
    for (const held of this.#inOrder()) {
      if (!takesTurn(held) || held.admission !== undefined) continue;
      const mayBeReason = isSuspect(held);
      if (held.failedProbes < PROBES_PER_PAYLOAD && !mayBeReason) return held;
      oldest ??= held;
      if (!mayBeReason) passedOver += 1;
      if (passedOver > PROBE_LOOKAHEAD) break;
    }
    return oldest;
  }

  /** The payload to give up first: of the least severe the oldest that is accepted, but none that is being sent. */
  victim(isCandidate: (held: HeldPayload) => boolean): HeldPayload | undefined {
    for (const list of this.#lists) {
      const held = firstWhere(list, (one) => one.admission === undefined && isCandidate(one));
      if (held !== undefined) return held;
    }
    return undefined;
  }

  /** Sets a payload aside until a time; its place stays. */
  wait(held: HeldPayload, until: number): void {
    held.notBefore = until;
    this.#waiting.add(held);
  }

  /** Makes all that wait ready at once. */
  endWaits(): void {
    for (const held of this.#waiting) held.notBefore = 0;
    this.#waiting.clear();
  }

  /** The earliest time after `now` at which a waiting payload becomes ready. */
  wakeAt(now: number): number | undefined {
    let earliest: number | undefined;
    for (const held of this.#waiting) {
      if (held.notBefore <= now) this.#waiting.delete(held);
      else if (earliest === undefined || held.notBefore < earliest) earliest = held.notBefore;
    }
    return earliest;
  }

  /** All payloads, in no order. */
  all(): Iterable<HeldPayload> {
    return this.#nodes.keys();
  }

  #count(owner: PayloadOwner, change: number): void {
    const count = (this.#owners.get(owner) ?? 0) + change;
    if (count === 0) this.#owners.delete(owner);
    else this.#owners.set(owner, count);
  }

  #listOf(held: HeldPayload): Node {
    const severity = isOrdered(held) ? 0 : Math.trunc(held.highestSeverity) || 0;
    return this.#lists[Math.min(Math.max(severity, 0), SEVERITIES - 1)] as Node;
  }

  /** All payloads, oldest first. */
  *#inOrder(): Generator<HeldPayload> {
    const heads = this.#lists.map((list) => list.next);
    for (;;) {
      const oldest = oldestOf(heads.map(({ held }) => held));
      if (oldest === undefined) return;
      const index = heads.findIndex(({ held }) => held === oldest);
      heads[index] = (heads[index] as Node).next;
      yield oldest;
    }
  }

  #oldestWhere(minSeverity: number, accepts: (held: HeldPayload) => boolean): HeldPayload | undefined {
    return oldestOf(this.#lists.slice(minSeverity).map((list) => firstWhere(list, accepts)));
  }
}

function oldestOf(payloads: readonly (HeldPayload | undefined)[]): HeldPayload | undefined {
  let oldest: HeldPayload | undefined;
  for (const held of payloads)
    if (held !== undefined && (oldest === undefined || held.order < oldest.order)) oldest = held;
  return oldest;
}

function emptyList(): Node {
  const list = {} as Node;
  list.previous = list;
  list.next = list;
  return list;
}

function isReady(held: HeldPayload, now: number): boolean {
  return held.admission === undefined && held.notBefore <= now;
}

function firstWhere({ next }: Node, accepts: (held: HeldPayload) => boolean): HeldPayload | undefined {
  let node = next;
  while (node.held !== undefined && !accepts(node.held)) node = node.next;
  return node.held;
}
