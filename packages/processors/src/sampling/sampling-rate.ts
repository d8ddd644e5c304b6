import { type Threshold, thresholdOfRatio } from './threshold.ts';

/** As often as a ratio can be halved, 2^10 being about a thousandth. */
export const MAX_LEVEL = 10;

/** How many of the records of one rule are kept. */
export class SamplingRate {
  readonly #ratio: number;
  readonly #every: number;
  #turn = 0;
  /** By level; undefined where everything is kept. */
  readonly #thresholds: readonly (Threshold | undefined)[];

  /**
   * @param ratio 0 to 1
   * @param every the first and then exactly one of so many is looked at, 1 and up
   */
  constructor(ratio: number, every: number) {
    this.#ratio = ratio;
    this.#every = every;
    this.#thresholds = Array.from({ length: MAX_LEVEL + 1 }, (_, level) =>
      ratio === 1 && level === 0 ? undefined : thresholdOfRatio(ratio * 2 ** -level),
    );
  }

  /** Whether no record is kept at all. */
  get isNever(): boolean {
    return this.#ratio === 0;
  }

  /** Whether it is the turn of the record that comes now. */
  takeTurn(): boolean {
    if (this.#every === 1) return true;
    const isTurn = this.#turn === 0;
    this.#turn = this.#turn + 1 === this.#every ? 0 : this.#turn + 1;
    return isTurn;
  }

  /** What a record must reach where the ratio is halved `level` times; undefined where all are kept. */
  thresholdAt(level: number): Threshold | undefined {
    return this.#thresholds[level];
  }
}
