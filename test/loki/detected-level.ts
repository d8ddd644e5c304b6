import { jsonLevel } from './json-level.ts';
import { labelValue } from './label-set.ts';
import type { LokiLimits } from './limits.ts';
import { logfmtValue } from './logfmt.ts';
import type { Pair } from './push-request.ts';

const LEVEL_LABEL = 'detected_level';

const KNOWN: Readonly<Record<string, string>> = {
  trace: 'trace',
  trc: 'trace',
  debug: 'debug',
  dbg: 'debug',
  info: 'info',
  inf: 'info',
  information: 'info',
  warn: 'warn',
  wrn: 'warn',
  warning: 'warn',
  error: 'error',
  err: 'error',
  critical: 'critical',
  fatal: 'fatal',
};

const known = (level: string): string | undefined => {
  const lower = level.toLowerCase();
  return Object.hasOwn(KNOWN, lower) ? KNOWN[lower] : undefined;
};

/** Words looked for in a line; where two begin at the same place, the one that stands first here wins. */
const WORDS: readonly (readonly [word: string, level: string])[] = [
  ['trace', 'trace'],
  ['debug', 'debug'],
  ['fatal', 'fatal'],
  ['critical', 'critical'],
  ['error', 'error'],
  ['err', 'error'],
  ['warning', 'warn'],
  ['warn', 'warn'],
  ['info', 'info'],
];

const LEFT_BOUNDARY = ' \t\n[({"\'=|';
const RIGHT_BOUNDARY = ' \t\n[](){}:,!"\'=|';

/**
 * Adds `detected_level` to metadata as Loki does: from a label, from the metadata, from `severity_number`, from the line. A level that the
 * client gives itself is kept, in Loki's spelling.
 */
export class LevelDetector {
  readonly #fields: readonly string[];
  readonly #fieldSet: ReadonlySet<string>;
  readonly #maxJsonDepth: number;

  constructor({ levelFields, levelMaxJsonDepth }: Pick<LokiLimits, 'levelFields' | 'levelMaxJsonDepth'>) {
    this.#fields = levelFields;
    this.#fieldSet = new Set(levelFields);
    this.#maxJsonDepth = levelMaxJsonDepth;
  }

  addLevel(labels: readonly Pair[], metadata: readonly Pair[], line: string): readonly Pair[] {
    const given = metadata.findIndex(([name]) => name === LEVEL_LABEL);
    if (given !== -1) {
      const value = metadata[given]?.[1] ?? '';
      return metadata.with(given, [LEVEL_LABEL, known(value) ?? value]);
    }
    const named = this.#firstValue(labels) ?? this.#firstValue(metadata);
    const level = named === undefined ? this.#detect(metadata, line) : (known(named) ?? named);
    return [...metadata, [LEVEL_LABEL, level]];
  }

  #firstValue(pairs: readonly Pair[]): string | undefined {
    if (!pairs.some(([name]) => this.#fieldSet.has(name))) return undefined;
    const field = this.#fields.find((name) => labelValue(pairs, name) !== undefined);
    return field === undefined ? undefined : labelValue(pairs, field);
  }

  #detect(metadata: readonly Pair[], line: string): string {
    const severityNumber = labelValue(metadata, 'severity_number');
    if (severityNumber !== undefined) return severityLevel(severityNumber);
    let level: string | undefined;
    if (looksLikeJson(line)) level = jsonLevel(line, this.#fieldSet, this.#maxJsonDepth);
    else if (line.includes('=')) level = logfmtValue(line, this.#fields);
    return (level === undefined ? undefined : known(level)) ?? wordLevel(line);
  }
}

const severityLevel = (text: string): string => {
  if (!/^[+-]?\d+$/.test(text) || BigInt.asIntN(64, BigInt(text)) !== BigInt(text)) return 'info';
  const severity = Number(text);
  if (severity === 0 || severity > 24) return 'unknown';
  return ['trace', 'debug', 'info', 'warn', 'error', 'fatal'][Math.max(0, Math.ceil(severity / 4) - 1)] as string;
};

/** Begins with a brace, after Unicode spaces, and ends with one, before ASCII spaces. */
const looksLikeJson = (line: string): boolean => /^[\t-\r \u0085\p{Z}]*\{/u.test(line) && /\}[\t-\r ]*$/.test(line);

const wordLevel = (line: string): string => {
  // Go maps each character alone, which makes a plain i of U+0130.
  const lower = line.replaceAll('\u0130', 'i').toLowerCase();
  let best = lower.length;
  let level = 'unknown';
  for (const [word, wordMeans] of WORDS) {
    const at = boundedIndex(lower, word);
    if (at === -1 || at >= best) continue;
    best = at;
    level = wordMeans;
    if (at === 0) break;
  }
  return level;
};

const boundedIndex = (line: string, word: string): number => {
  for (let at = line.indexOf(word); at !== -1; at = line.indexOf(word, at + 1)) {
    const end = at + word.length;
    const startsWord = at === 0 || LEFT_BOUNDARY.includes(line.charAt(at - 1));
    if (startsWord && (end === line.length || RIGHT_BOUNDARY.includes(line.charAt(end)))) return at;
  }
  return -1;
};
