import { compareUtf8, quoteGo } from './go-text.ts';
import { LabelLexer, type LabelToken } from './label-lexer.ts';
import type { Pair } from './push-request.ts';

/** Larger sets of labels cannot be parsed by Loki at all. */
export const MAX_LABELS_BYTES: number = 1 << 24;

/** `1:3: parse error: ...` */
export class LabelParseError extends Error {
  override readonly name = 'LabelParseError';
}

/**
 * Parses `{a="b", "c.d"="e"}` by the grammar of a metric in PromQL, which is what Loki uses for streams. The result is sorted by name;
 * labels with an empty value are left out, repeated names are not.
 */
export const parseLabels = (text: string): Pair[] => {
  const lexer = new LabelLexer(text);
  let labels: Pair[] = [];
  let metric: string | undefined;
  let token = nextToken(lexer);
  if (token.kind === 'name') {
    metric = token.text;
    token = nextToken(lexer);
  }
  if (token.kind === '{') {
    parseItems(lexer, labels);
    token = nextToken(lexer);
  }
  if (metric !== undefined) labels = [['__name__', metric], ...labels.filter(([name]) => name !== '__name__')];
  if (token.kind !== 'end') throw unexpected(lexer, token, '');
  const named = labels.filter(([, value]) => value !== '');
  return named.toSorted(([a], [b]) => compareUtf8(a, b));
};

const nextToken = (lexer: LabelLexer): LabelToken => {
  const token = lexer.next();
  if (token.kind === 'error') throw new LabelParseError(`${lexer.place(token.start)}: parse error: ${token.text}`);
  return token;
};

const parseItems = (lexer: LabelLexer, labels: Pair[]): void => {
  for (;;) {
    const token = nextToken(lexer);
    // A comma may close the list, but not open it: this is reached at the beginning and after a comma.
    if (token.kind === '}') return;
    if (token.kind !== 'identifier' && token.kind !== 'string') {
      throw unexpected(lexer, token, ' in label set, expected identifier or "}"');
    }
    let after = nextToken(lexer);
    if (after.kind === '=') {
      const value = nextToken(lexer);
      if (value.kind !== 'string') throw unexpected(lexer, value, ' in label set, expected string');
      labels.push([token.kind === 'string' ? unquote(token.text) : token.text, unquote(value.text)]);
      after = nextToken(lexer);
    } else if (token.kind === 'string') {
      labels.push(['__name__', unquote(token.text)]);
    } else {
      throw unexpected(lexer, after, ' in label set, expected "="');
    }
    if (after.kind === '}') return;
    if (after.kind !== ',') throw unexpected(lexer, after, ' in label set, expected "," or "}"');
  }
};

const unexpected = (lexer: LabelLexer, token: LabelToken, where: string): LabelParseError =>
  new LabelParseError(`${lexer.place(token.start)}: parse error: unexpected ${describe(token)}${where}`);

const AGGREGATORS =
  /^(?:sum|avg|count|min|max|group|stddev|stdvar|topk|bottomk|count_values|quantile|limitk|limit_ratio)$/i;
const KEYWORDS =
  /^(?:offset|smoothed|anchored|by|without|on|ignoring|group_left|group_right|bool|start|end|step|range|max_of|min_of)$/i;

const DURATION = /^(?:\d+(?:ms|[smhdwy]))+$/;

const describe = ({ kind, text }: LabelToken): string => {
  if (kind === 'end') return 'end of input';
  if (kind === 'identifier') return `identifier ${quoteGo(text)}`;
  if (kind === 'string') return `string ${quoteShort(text)}`;
  if (kind !== 'name' && kind !== 'other') return quoteGo(text);
  if (AGGREGATORS.test(text)) return `<aggr:${text}>`;
  if (KEYWORDS.test(text)) return `<${text}>`;
  if (DURATION.test(text)) return `duration ${quoteGo(text)}`;
  if (/^(?:inf|nan|\d.*)$/i.test(text)) return `number ${quoteGo(text)}`;
  if (/^[A-Za-z_:]/.test(text) && !/^(?:and|or|unless|atan2)$/i.test(text)) {
    return `${text.includes(':') ? 'metric identifier' : 'identifier'} ${quoteGo(text)}`;
  }
  return /^[([]$/.test(text) ? quoteGo(text) : `<op:${text}>`;
};

const quoteShort = (text: string): string => {
  const chars = Array.from(text);
  return Buffer.byteLength(text) > 10 ? `${quoteGo(chars.slice(0, 10).join(''))}...` : quoteGo(text);
};

const SIMPLE: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };

const unquote = (quoted: string): string => {
  const text = quoted.slice(1, -1);
  if (quoted.startsWith('`') || !text.includes('\\')) return text;
  const bytes: Buffer[] = [];
  for (const [part, octal, byte, short, long, simple] of text.matchAll(ESCAPE)) {
    if (octal !== undefined) bytes.push(Buffer.of(Number.parseInt(octal, 8)));
    else if (byte !== undefined) bytes.push(Buffer.of(Number.parseInt(byte, 16)));
    else if (short !== undefined || long !== undefined) {
      bytes.push(Buffer.from(String.fromCodePoint(Number.parseInt((short ?? long) as string, 16))));
    } else if (simple !== undefined) bytes.push(Buffer.of(SIMPLE[simple] ?? simple.charCodeAt(0)));
    else bytes.push(Buffer.from(part));
  }
  return Buffer.concat(bytes).toString('utf8');
};

const ESCAPE = /\\([0-7]{3})|\\x([0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\(.)|[^\\]+/gsu;

const LEGACY_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A set of labels as Loki prints it. */
export const formatLabels = (labels: readonly Pair[]): string =>
  `{${labels.map(([name, value]) => `${LEGACY_NAME.test(name) ? name : quoteGo(name)}=${quoteGo(value)}`).join(', ')}}`;
