import type { Status } from './status.ts';

/** What a part of a run was like. */
export interface Slot {
  readonly emitted: number;
  readonly delivered: number;
  /** Most records held at once. */
  readonly held: number;
  readonly wasOut: boolean;
}

const MAX_SLOTS = 48;
/** A few times the interval of updates: a slot without an update would be a gap in the graph. */
const MIN_SLOT_MILLIS = 300;

/** The history of a run, cut into slots of equal length, for graphs that share one axis of time. */
export class Timeline {
  /** Slots of the whole run. */
  readonly size: number;
  readonly #endMillis: number;
  readonly #slots: Slot[] = [];
  #emitted = 0;
  #delivered = 0;

  constructor(endMillis: number) {
    this.#endMillis = endMillis;
    this.size = Math.max(1, Math.min(MAX_SLOTS, Math.floor(endMillis / MIN_SLOT_MILLIS)));
  }

  add({ elapsedMillis, account, isOut }: Status): void {
    const index = Math.min(this.size - 1, Math.floor((elapsedMillis / this.#endMillis) * this.size));
    while (this.#slots.length <= index) this.#slots.push({ emitted: 0, delivered: 0, held: 0, wasOut: false });
    const slot = this.#slots[index] as Slot;
    this.#slots[index] = {
      emitted: slot.emitted + account.emitted - this.#emitted,
      delivered: slot.delivered + account.delivered - this.#delivered,
      held: Math.max(slot.held, account.held),
      wasOut: slot.wasOut || isOut,
    };
    this.#emitted = account.emitted;
    this.#delivered = account.delivered;
  }

  /** The run so far. */
  get slots(): readonly Slot[] {
    return this.#slots;
  }
}
