import { counterSampleName } from '../rules/metric-name.ts';
import type { BucketSnapshot, Exemplar, FamilySnapshot, Label, SeriesSnapshot } from '../store/family-snapshot.ts';
import { escapeQuoted } from './escape-text.ts';
import { boundText, numberText } from './number-text.ts';

/** What a format writes behind a value that has an exemplar. */
export type ExemplarWriter = (exemplar: Exemplar) => string;

/** The samples of one metric, a line each. */
export function sampleLines({ name, type, series }: FamilySnapshot, writeExemplar: ExemplarWriter): string {
  const sampleName = type === 'counter' ? counterSampleName(name) : name;
  // The same for all series of a histogram, and dear to write.
  const bounds = series[0]?.buckets?.map(({ upperBound }) => boundText(upperBound)) ?? [];
  let lines = '';
  for (const one of series) {
    lines +=
      one.buckets === undefined
        ? simpleLine(sampleName, one, writeExemplar)
        : histogramLines(name, one, one.buckets, bounds, writeExemplar);
  }
  return lines;
}

/** Labels as they stand between the braces. */
export function labelPairs(labels: readonly Label[]): string {
  let pairs = '';
  for (const [name, value] of labels) pairs += `${pairs === '' ? '' : ','}${name}="${escapeQuoted(value)}"`;
  return pairs;
}

function simpleLine(name: string, { labels, value, exemplar }: SeriesSnapshot, writeExemplar: ExemplarWriter): string {
  return `${name}${braced(labelPairs(labels))} ${numberText(value)}${exemplar === undefined ? '' : writeExemplar(exemplar)}\n`;
}

function histogramLines(
  name: string,
  { labels, value }: SeriesSnapshot,
  buckets: readonly BucketSnapshot[],
  bounds: readonly string[],
  writeExemplar: ExemplarWriter,
): string {
  const pairs = labelPairs(labels);
  const before = pairs === '' ? '' : `${pairs},`;
  let lines = '';
  let total = 0;
  for (const [index, { count, exemplar }] of buckets.entries()) {
    const end = exemplar === undefined ? '' : writeExemplar(exemplar);
    lines += `${name}_bucket{${before}le="${bounds[index]}"} ${numberText(count)}${end}\n`;
    total = count;
  }
  const set = braced(pairs);
  return `${lines}${name}_sum${set} ${numberText(value)}\n${name}_count${set} ${numberText(total)}\n`;
}

function braced(pairs: string): string {
  return pairs === '' ? '' : `{${pairs}}`;
}
