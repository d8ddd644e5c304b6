/** The higher the level, the smaller its steps: a batch that leaves a queue must not be taken for relief. */
const LEAST_STEP_BACK = 1 / 8;

/** How pressure is turned into a level. */
export interface PressureMarks {
  /** Nothing more is dropped up to here, 0 up to `highMark`. */
  readonly lowMark: number;
  /** From here on the highest level holds, up to 1. */
  readonly highMark: number;
  /** Highest level, 1 and up. */
  readonly maxLevel: number;
}

/**
 * How often the ratio is to be halved under the pressure there is: not at all up to the low mark, once above it, and once
 * more each time that half of what is left up to the high mark is used up.
 *
 * A level is left again only when pressure has fallen half a step below the mark where it began, and by an eighth of the
 * way between the marks at least, so that pressure that trembles does not change the ratio with every record.
 */
export class PressureLevel {
  /** Level `index + 1` begins above the mark at `index`. */
  readonly #upMarks: readonly number[];
  /** Level `index + 1` ends at the mark at `index`. */
  readonly #downMarks: readonly number[];
  #level = 0;

  constructor({ lowMark, highMark, maxLevel }: PressureMarks) {
    const width = highMark - lowMark;
    this.#upMarks = Array.from({ length: maxLevel }, (_, index) => highMark - width * 2 ** -index);
    this.#downMarks = this.#upMarks.map((mark, index) => {
      // Half a step down; below the first mark there is no step, and at pressure 0 every level must end.
      const below = this.#upMarks[index - 1] ?? Math.max(0, mark - width / 2);
      return Math.max(0, Math.min((mark + below) / 2, mark - width * LEAST_STEP_BACK));
    });
  }

  get level(): number {
    return this.#level;
  }

  /** Takes pressure in, 0 to 1, and answers the level there is now. What is no number changes nothing. */
  update(pressure: number): number {
    while (pressure > (this.#upMarks[this.#level] ?? Infinity)) this.#level += 1;
    while (pressure <= (this.#downMarks[this.#level - 1] ?? -Infinity)) this.#level -= 1;
    return this.#level;
  }
}
