import { LostPayloadError } from '../outbox.ts';
import type { PayloadDatabase } from './payload-database.ts';

/** Where a payload is. */
export interface PayloadPlace {
  readonly database: PayloadDatabase;
  readonly row: number;
}

/** Where the payloads of an outbox are, by their ids. Each file knows how many of them it has. */
export class PayloadPlaces {
  readonly #places = new Map<number, PayloadPlace>();

  /** Answers where a payload of this id was until now. */
  set(id: number, place: PayloadPlace): PayloadPlace | undefined {
    const earlier = this.#places.get(id);
    if (earlier !== undefined) earlier.database.heldCount -= 1;
    this.#places.set(id, place);
    place.database.heldCount += 1;
    return earlier;
  }

  /** @throws LostPayloadError where there is no payload of this id */
  get(id: number): PayloadPlace {
    const place = this.#places.get(id);
    if (place === undefined) throw new LostPayloadError(`The outbox holds no payload ${id}.`);
    return place;
  }

  /** Forgets a payload; answers where it was. */
  take(id: number): PayloadPlace | undefined {
    const place = this.#places.get(id);
    if (place !== undefined && this.#places.delete(id)) place.database.heldCount -= 1;
    return place;
  }

  /** All of one file are in another one now, or lost: those whose rows are not among these. */
  move(from: PayloadDatabase, to: PayloadDatabase, rows: ReadonlySet<number>): void {
    for (const [id, { database, row }] of this.#places) {
      if (database !== from) continue;
      if (rows.has(row)) this.set(id, { database: to, row });
      else this.take(id);
    }
  }

  clear(): void {
    this.#places.clear();
  }
}
