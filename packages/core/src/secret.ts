import { optionMessage } from './option-checks.ts';

/** A secret as users give it: the text itself, or a function that fetches it each time it is needed. */
export type SecretInput = string | Secret | (() => string | Promise<string>);

const REDACTED = '[redacted]';

/** Holds a secret so that no log, error, JSON or inspection shows it. */
export class Secret {
  readonly #source: string | (() => string | Promise<string>);

  private constructor(source: string | (() => string | Promise<string>)) {
    this.#source = source;
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

  /** The secret itself, to be used at once and kept nowhere. Rejects where the user's function does. */
  async reveal(): Promise<string> {
    return typeof this.#source === 'function' ? this.#source() : this.#source;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }
}

// Node's console and util.inspect look for this symbol; they would otherwise show nothing of a private field, but not this text.
Object.defineProperty(Secret.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: () => REDACTED });
