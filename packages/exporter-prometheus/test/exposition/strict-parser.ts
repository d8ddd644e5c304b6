import { checkFamily } from './family-checks.ts';
import type { Format, Labels, ParsedExemplar, ParsedFamily } from './parsed-family.ts';

const METADATA = /^# (HELP|TYPE|UNIT) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/s;
const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:\\[\\"n]|[^\\"])*)"/;
const LINE_TEXT = /^(?:\\[\\n]|[^\\])*$/;
const QUOTED_TEXT = /^(?:\\[\\"n]|[^\\"])*$/;
const NUMBER = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|[+-]Inf|NaN)$/;
const MAX_EXEMPLAR_CHARACTERS = 128;

/**
 * Reads both formats, and throws at what Prometheus 2.42 refuses or OpenMetrics 1.0 forbids: one such line in a page, and
 * the whole target is down.
 */
export function parseExposition(text: string, format: Format): ParsedFamily[] {
  const families: ParsedFamily[] = [];
  for (const line of linesOf(text, format)) {
    if (line.startsWith('#')) readMetadata(line, format, families);
    else readSample(line, format, families.at(-1));
  }
  for (const family of families) checkFamily(family, format);
  return families;
}

function linesOf(text: string, format: Format): string[] {
  if (Buffer.from(text).toString() !== text) throw new Error('not well-formed');
  if (text !== '' && !text.endsWith('\n')) throw new Error('no newline at the end');
  const lines = text.split('\n').slice(0, -1);
  if (format === 'openmetrics' && lines.pop() !== '# EOF') throw new Error('no # EOF at the end');
  return lines;
}

function readMetadata(line: string, format: Format, families: ParsedFamily[]): void {
  const [, keyword, name, rest] = METADATA.exec(line) ?? [];
  if (keyword === undefined || name === undefined || rest === undefined) throw new Error(`not metadata: ${line}`);
  if (keyword === 'UNIT' && format === 'text') throw new Error('the text format has no units');
  const family = openFamily(name, families);
  const field = keyword.toLowerCase() as 'help' | 'type' | 'unit';
  if (family[field] !== undefined) throw new Error(`said twice: ${line}`);
  if (family.samples.length > 0) throw new Error(`behind samples: ${line}`);
  family[field] = keyword === 'HELP' ? unescape(rest, format === 'text' ? LINE_TEXT : QUOTED_TEXT) : rest;
}

/** The last family, or a new one: what was left cannot go on. */
function openFamily(name: string, families: ParsedFamily[]): ParsedFamily {
  const last = families.at(-1);
  if (last?.name === name) return last;
  if (families.some((family) => family.name === name)) throw new Error(`interleaved: ${name}`);
  const family: ParsedFamily = { name, samples: [] };
  families.push(family);
  return family;
}

function readSample(line: string, format: Format, family: ParsedFamily | undefined): void {
  const name = METRIC_NAME.exec(line)?.[0];
  if (name === undefined || family === undefined) throw new Error(`not a sample: ${line}`);
  const [labels, rest] = readLabels(line.slice(name.length));
  const [value = '', hash, ...exemplar] = rest.split(' ').slice(1);
  if (!rest.startsWith(' ') || (hash !== undefined && hash !== '#')) throw new Error(`more than a sample: ${line}`);
  const sample = { name, labels, value: readNumber(value) };
  if (hash === undefined) family.samples.push(sample);
  else if (format === 'text') throw new Error(`the text format has no exemplars: ${line}`);
  else family.samples.push({ ...sample, exemplar: readExemplar(exemplar.join(' ')) });
}

function readExemplar(text: string): ParsedExemplar {
  const [labels, rest] = readLabels(text);
  const characters = Array.from([...labels].flat().join('')).length;
  if (characters > MAX_EXEMPLAR_CHARACTERS) throw new Error(`an exemplar of ${characters} characters`);
  const [value = '', timestamp = '', ...more] = rest.split(' ').slice(1);
  if (more.length > 0 || !rest.startsWith(' ')) throw new Error(`more than an exemplar: ${text}`);
  return { labels, value: readNumber(value), timestampSeconds: readNumber(timestamp) };
}

/** The labels that a text begins with, and what follows them. */
function readLabels(text: string): [labels: Labels, rest: string] {
  const labels = new Map<string, string>();
  if (!text.startsWith('{')) return [labels, text];
  let rest = text;
  do {
    const [whole, name, value] = LABEL.exec(rest.slice(1)) ?? [];
    if (whole === undefined || name === undefined || value === undefined) throw new Error(`not a label: ${rest}`);
    if (labels.has(name)) throw new Error(`label name ${name} is not unique`);
    labels.set(name, unescape(value, QUOTED_TEXT));
    rest = rest.slice(1 + whole.length);
  } while (rest.startsWith(','));
  if (!rest.startsWith('}')) throw new Error(`labels without an end: ${text}`);
  return [labels, rest.slice(1)];
}

function unescape(text: string, form: RegExp): string {
  if (!form.test(text)) throw new Error(`wrongly escaped: ${text}`);
  return text.replaceAll(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

function readNumber(text: string): number {
  if (!NUMBER.test(text)) throw new Error(`not a number: ${text}`);
  return Number(text.replace('Inf', 'Infinity'));
}
