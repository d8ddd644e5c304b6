import { optionMessage } from './option-checks.ts';

/** A secret as users give it: the text itself, or a function that fetches it each time it is needed. */
export type SecretInput = string | Secret | (() => string | Promise<string>);

const REDACTED = '[redacted]';

type Source = string | (() => string | Promise<string>);

/** Holds a secret so that no log, error, JSON or inspection shows it. */
export class Secret {
  readonly #source: Source;
  readonly #parts: readonly Secret[];
  readonly #combine: ((...revealed: string[]) => string) | undefined;

  private constructor(source: Source, parts: readonly Secret[] = [], combine?: (...revealed: string[]) => string) {
    this.#source = source;
    this.#parts = parts;
    this.#combine = combine;
  }

  /**
   * Wraps what a user gave as an option.
   * @throws TypeError where it is neither a string nor a function; the message does not show the value.
   */
  static from(field: string, value: SecretInput): Secret {
    if (value instanceof Secret) return value;
    if (typeof value !== 'string' && typeof value !== 'function') {
      // The value is left out on purpose: a secret of the wrong kind is still a secret.
      throw new TypeError(optionMessage(field, 'a string or a function that returns one', value, REDACTED));
    }
    return new Secret(value);
  }

  /** A secret that is made of others, such as a header's value of user and password. */
  static combine(parts: readonly Secret[], combine: (...revealed: string[]) => string): Secret {
    return new Secret('', parts, combine);
  }

  /** Whether it is the same each time, so that nothing has to be fetched. */
  get isFixed(): boolean {
    return typeof this.#source === 'string' && this.#parts.every((part) => part.isFixed);
  }

  /** The secret itself, to be used at once and kept nowhere. Rejects where the user's function does. */
  async reveal(): Promise<string> {
    if (this.#combine !== undefined)
      return this.#combine(...(await Promise.all(this.#parts.map((part) => part.reveal()))));
    return typeof this.#source === 'function' ? this.#source() : this.#source;
  }

  /**
   * The same without waiting: undefined where a function of the user has to be waited for.
   * @throws whatever the user's function throws
   */
  revealNow(): string | undefined {
    if (this.#combine === undefined) return typeof this.#source === 'function' ? answerNow(this.#source) : this.#source;
    const revealed = this.#parts.map((part) => part.revealNow());
    return revealed.every((text) => text !== undefined) ? this.#combine(...revealed) : undefined;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }
}

function answerNow(source: () => string | Promise<string>): string | undefined {
  const answer = source();
  if (typeof answer === 'string') return answer;
  // Nobody waits for it: left alone, its rejection would end the process.
  Promise.resolve(answer).catch(() => {});
  return undefined;
}

// Node's console and util.inspect look for this symbol; they would otherwise show nothing of a private field, but not this text.
Object.defineProperty(Secret.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: () => REDACTED });
