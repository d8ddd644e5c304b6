/**
 * The value of the first of `names` that the line has as `key=value`, without regard to case; of several, the one that stands first in
 * `names`. Undefined where there is none. The first thing that is no logfmt ends the search, as it does in Loki's decoder.
 */
export const logfmtValue = (line: string, names: readonly string[]): string | undefined => {
  const lower = names.map((name) => name.toLowerCase());
  let best = names.length;
  let found: string | undefined;
  let position = 0;
  while (position < line.length) {
    const pair = readPair(line, position);
    if (pair === undefined) return found;
    const rank = lower.indexOf(pair.key.toLowerCase());
    if (rank !== -1 && rank < best) {
      best = rank;
      found = pair.value;
      if (rank === 0) return found;
    }
    position = pair.next;
  }
  return found;
};

interface LogfmtPair {
  readonly key: string;
  readonly value: string;
  readonly next: number;
}

const isBlank = (line: string, at: number): boolean => line.charCodeAt(at) <= 0x20;

const readPair = (line: string, from: number): LogfmtPair | undefined => {
  let position = from;
  while (position < line.length && isBlank(line, position)) position++;
  if (position === line.length) return undefined;
  const keyStart = position;
  while (position < line.length && !isBlank(line, position) && line[position] !== '=' && line[position] !== '"') {
    position++;
  }
  const key = line.slice(keyStart, position);
  if (line[position] === '"' || key.includes('\ufffd')) return undefined;
  if (line[position] !== '=') return { key, value: '', next: position };
  if (key === '') return undefined;
  position++;
  if (line[position] === '"') return readQuoted(line, key, position);
  const valueStart = position;
  while (position < line.length && !isBlank(line, position)) {
    if (line[position] === '=' || line[position] === '"') return undefined;
    position++;
  }
  return { key, value: line.slice(valueStart, position), next: position };
};

const readQuoted = (line: string, key: string, quote: number): LogfmtPair | undefined => {
  for (let position = quote + 1; position < line.length; position++) {
    if (line[position] === '\\') {
      position++;
    } else if (line[position] === '"') {
      const quoted = line.slice(quote, position + 1);
      const value = quoted.includes('\\') ? unquote(quoted) : quoted.slice(1, -1);
      return value === undefined ? undefined : { key, value, next: position + 1 };
    }
  }
  return undefined;
};

const ESCAPED = /\\(?:u([0-9a-fA-F]{4})|(["\\/'bfnrt]))/g;

/** Undefined where an escape is bad. */
const unquote = (quoted: string): string | undefined => {
  const inner = quoted.slice(1, -1);
  if (inner.replace(ESCAPED, '').includes('\\')) return undefined;
  return inner.replace(ESCAPED, (_, hex: string | undefined, char: string | undefined) =>
    hex === undefined ? (char ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
};
