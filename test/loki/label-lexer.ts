import { quoteGo, quoteGoRune } from './go-text.ts';

/** What the parser of labels tells apart; `other` is anything that can stand nowhere in a set of labels. */
export type LabelTokenKind = 'identifier' | 'name' | 'string' | '{' | '}' | ',' | '=' | 'other' | 'end' | 'error';

export interface LabelToken {
  readonly kind: LabelTokenKind;
  /** Offset in bytes. */
  readonly start: number;
  /** The token as written; for `error` the message. */
  readonly text: string;
}

const EOF = '';

/** Words that mean something else than a metric's name when they stand before the brace. */
const RESERVED = /^(?:and|or|unless|atan2|on|ignoring|group_left|group_right|bool|inf|nan)$/i;
const NAME_THOUGH_RESERVED = /^(?:and|or|unless)$/i;

const isAlpha = (char: string): boolean => /^[A-Za-z_]$/.test(char);
const isAlphaNumeric = (char: string): boolean => /^[A-Za-z0-9_]$/.test(char);
const isSpace = (char: string): boolean => char === ' ' || char === '\t' || char === '\n' || char === '\r';

/** Splits a set of labels into tokens as Prometheus' parser does, with its errors. Positions are bytes of UTF-8. */
export class LabelLexer {
  readonly #input: Buffer;
  #position = 0;
  #width = 0;
  #start = 0;
  #inBraces = false;

  constructor(text: string) {
    this.#input = Buffer.from(text);
  }

  next(): LabelToken {
    this.#skipSpaceAndComments();
    this.#start = this.#position;
    return this.#inBraces ? this.#nextInBraces() : this.#nextOutside();
  }

  /** `line:column` of a byte. */
  place(offset: number): string {
    const before = this.#input.subarray(0, offset);
    let line = 1;
    for (const byte of before) if (byte === 0x0a) line++;
    return `${line}:${offset - before.lastIndexOf(0x0a)}`;
  }

  #nextInBraces(): LabelToken {
    const char = this.#read();
    if (char === EOF) return this.#error('unexpected end of input inside braces');
    if (isAlpha(char)) return this.#word('identifier', isAlphaNumeric);
    if (char === ',') return this.#token(',');
    if (char === '"' || char === "'" || char === '`') return this.#string(char);
    if (char === '=') return this.#accept('~') ? this.#token('other') : this.#token('=');
    if (char === '!') {
      const next = this.#read();
      if (next === '~' || next === '=') return this.#token('other');
      return this.#error(`unexpected character after '!' inside braces: ${quoteRune(next)}`);
    }
    if (char === '{') return this.#error(`unexpected left brace ${quoteGoRune(char)}`);
    if (char === '}') {
      this.#inBraces = false;
      return this.#token('}');
    }
    return this.#error(`unexpected character inside braces: ${quoteGoRune(char)}`);
  }

  #nextOutside(): LabelToken {
    const char = this.#read();
    if (char === EOF) return this.#token('end');
    if (isAlpha(char) || char === ':') {
      const token = this.#word('name', (next) => isAlphaNumeric(next) || next === ':');
      return RESERVED.test(token.text) && !NAME_THOUGH_RESERVED.test(token.text) ? { ...token, kind: 'other' } : token;
    }
    if (char === '{') {
      this.#inBraces = true;
      return this.#token('{');
    }
    if (char === '"' || char === "'" || char === '`') return this.#string(char);
    if (char === ',') return this.#token(',');
    if (char === '=') return this.#token('=');
    if (/^[0-9]$/.test(char)) return this.#word('other', (next) => isAlphaNumeric(next) || next === '.');
    if (/^[*/%+^<>(@[-]$/.test(char)) return this.#token('other');
    if (char === ')') {
      // The bracket was a token already when it turned out to close nothing.
      this.#start = this.#position;
      return this.#error(`unexpected right parenthesis ${quoteGoRune(char)}`);
    }
    if (char === ']') return this.#error(`unexpected right bracket ${quoteGoRune(char)}`);
    if (char === '!') {
      const next = this.#read();
      return next === '=' ? this.#token('other') : this.#error(`unexpected character after '!': ${quoteRune(next)}`);
    }
    return this.#error(`unexpected character: ${quoteGoRune(char)}`);
  }

  #string(quote: string): LabelToken {
    for (;;) {
      const char = this.#read();
      if (char === quote) return this.#token('string');
      if (char === '\ufffd') return this.#error('invalid UTF-8 rune');
      if (char === EOF) return this.#error(quote === '`' ? 'unterminated raw string' : 'unterminated quoted string');
      if (quote === '`') continue;
      if (char === '\n') return this.#error('unterminated quoted string');
      if (char !== '\\') continue;
      const problem = this.#escape(quote);
      if (problem !== undefined) return this.#error(problem);
    }
  }

  #escape(quote: string): string | undefined {
    const kind = this.#read();
    if (kind === EOF) return 'escape sequence not terminated';
    if (kind === quote || 'abfnrtv\\'.includes(kind)) return undefined;
    if (/^[0-7]$/.test(kind)) return this.#digits(kind, 3, 8, 0xff);
    if (kind === 'x') return this.#digits(this.#read(), 2, 16, 0xff);
    if (kind === 'u') return this.#digits(this.#read(), 4, 16, 0x10ffff);
    if (kind === 'U') return this.#digits(this.#read(), 8, 16, 0x10ffff);
    return `unknown escape sequence ${showRune(kind)}`;
  }

  #digits(first: string, count: number, base: number, max: number): string | undefined {
    let value = 0;
    let char = first;
    for (let left = count; left > 0; left--) {
      if (char === EOF) return 'escape sequence not terminated';
      const digit = /^[0-9a-fA-F]$/.test(char) ? Number.parseInt(char, 16) : 16;
      if (digit >= base) return `illegal character ${showRune(char)} in escape sequence`;
      value = value * base + digit;
      if (left > 1) char = this.#read();
    }
    const isSurrogate = value >= 0xd800 && value < 0xe000;
    return value > max || isSurrogate ? 'escape sequence is an invalid Unicode code point' : undefined;
  }

  #skipSpaceAndComments(): void {
    for (;;) {
      const char = this.#read();
      if (char === '#') this.#skipLine();
      else if (!isSpace(char)) break;
    }
    this.#unread();
  }

  #skipLine(): void {
    let char = this.#read();
    while (char !== '\n' && char !== '\r' && char !== EOF) char = this.#read();
  }

  #word(kind: LabelTokenKind, belongs: (char: string) => boolean): LabelToken {
    while (belongs(this.#read()));
    this.#unread();
    return this.#token(kind);
  }

  #token(kind: LabelTokenKind): LabelToken {
    return { kind, start: this.#start, text: this.#input.toString('utf8', this.#start, this.#position) };
  }

  #error(text: string): LabelToken {
    return { kind: 'error', start: this.#start, text };
  }

  #accept(char: string): boolean {
    if (this.#read() === char) return true;
    this.#unread();
    return false;
  }

  #unread(): void {
    this.#position -= this.#width;
    this.#width = 0;
  }

  /** The next character; U+FFFD for a byte that begins none. */
  #read(): string {
    const first = this.#input[this.#position];
    this.#width = first === undefined ? 0 : first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    this.#position += this.#width;
    return this.#input.toString('utf8', this.#position - this.#width, this.#position);
  }
}

const quoteRune = (char: string): string => (char === EOF ? quoteGoRune('\ufffd') : quoteGoRune(char));

const showRune = (char: string): string => {
  const code = `U+${(char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`;
  return quoteGo(char) === `"${char}"` || char === '"' ? `${code} '${char}'` : code;
};
