import { SEVERITY_NUMBER, SEVERITY_TEXT } from './builtin-fields.ts';
import { flatText } from './flat-text.ts';
import { escapeJson } from './json-text.ts';
import { RECORD_END } from './push-body.ts';

const MAX_SEVERITY = 24;

/** Severity texts kept; an application that has more of them has no levels. */
const MAX_TAILS = 64;

/** The end of a record: equal for all records of one origin and severity. */
export interface Tail {
  readonly severityNumber: number;
  readonly severityText: string | undefined;
  /** `","a":"b","c":"d"}],`: ends the value before it, and the record. */
  readonly text: string;
  /** Fields that are in it, as bits. */
  readonly fields: number;
  readonly pairCount: number;
}

/** The tails of one origin by severity. */
export class TailTable {
  readonly #latest: (Tail | undefined)[] = Array.from({ length: MAX_SEVERITY + 1 }, () => undefined);
  readonly #tails = new Map<string, Tail>();
  readonly #fixedText: string;
  readonly #fixedCount: number;

  /** @param fixedText pairs of the resource and the scope, as `","a":"b` each */
  constructor(fixedText: string, fixedCount: number) {
    this.#fixedText = fixedText;
    this.#fixedCount = fixedCount;
  }

  /** The tail for a severity; undefined where it is none that a record can have. */
  get(severityNumber: unknown, severityText: unknown): Tail | undefined {
    const number = severityNumber ?? 0;
    const text = severityText ?? undefined;
    if (typeof number !== 'number') return undefined;
    const latest = this.#latest[number];
    if (latest !== undefined && latest.severityText === text) return latest;
    if (!Number.isInteger(number) || number < 0 || number > MAX_SEVERITY) return undefined;
    if (text !== undefined && typeof text !== 'string') return undefined;
    const tail = this.#find(number, text);
    this.#latest[number] = tail;
    return tail;
  }

  #find(severityNumber: number, severityText: string | undefined): Tail {
    const key = `${severityNumber} ${severityText}`;
    const known = this.#tails.get(key);
    if (known !== undefined && known.severityText === severityText) return known;
    if (this.#tails.size >= MAX_TAILS) this.#tails.clear();
    const tail = this.#make(severityNumber, severityText);
    this.#tails.set(key, tail);
    return tail;
  }

  #make(severityNumber: number, severityText: string | undefined): Tail {
    let fields = 0;
    let pairCount = this.#fixedCount;
    let text = this.#fixedText;
    if (severityNumber !== 0) {
      text += `","severity_number":"${severityNumber}`;
      fields |= SEVERITY_NUMBER;
      pairCount += 1;
    }
    if (severityText !== undefined && severityText !== '') {
      text += `","severity_text":"${escapeJson(severityText)}`;
      fields |= SEVERITY_TEXT;
      pairCount += 1;
    }
    return { severityNumber, severityText, text: flatText(`${text}"}]${RECORD_END}`), fields, pairCount };
  }
}
