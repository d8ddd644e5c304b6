import { compareUtf8, quoteGo } from './go-text.ts';
import type { Ingester } from './ingester.ts';
import { LabelParseError, parseLabels } from './label-parser.ts';
import { labelsText } from './label-set.ts';
import type { LokiLimits } from './limits.ts';
import { parseLimit, parseTime } from './query-parameters.ts';
import { Refusal } from './refusal.ts';
import { parseSelector, type StreamMatcher } from './selector.ts';
import type { StoredEntry } from './stream.ts';

const HOUR_NANOS = 3_600_000_000_000n;

interface Selection {
  readonly isSelected: StreamMatcher;
  readonly start: bigint;
  readonly end: bigint;
  readonly limit: number;
  readonly isBackward: boolean;
}

interface ResultStream {
  readonly stream: Readonly<Record<string, string>>;
  readonly values: unknown[];
}

/**
 * Answers `query_range`: the lines of the selected streams from `start` up to but not including `end`, newest first unless `direction`
 * says `forward`; lines of the same time in the order of the push, or reversed. Metadata are part of a stream's labels, unless the client
 * wants them apart (`categorize-labels`).
 */
export const queryRange = (
  ingester: Ingester,
  parameters: URLSearchParams,
  nowNanos: bigint,
  limits: LokiLimits,
  categorizeLabels: boolean,
): unknown => {
  const limit = parseLimit(parameters.get('limit'), limits.maxQueryEntries);
  const start = parseTime('start', parameters.get('start'), nowNanos - HOUR_NANOS);
  const end = parseTime('end', parameters.get('end'), nowNanos);
  if (end < start) throw new Refusal(400, 'end timestamp must not be before or equal to start time');
  const direction = (parameters.get('direction') || 'backward').toLowerCase();
  if (direction !== 'forward' && direction !== 'backward') throw new Refusal(400, `invalid direction '${direction}'`);
  const isSelected = parseSelector(parameters.get('query') ?? '');
  const selected = select(ingester, { isSelected, start, end, limit, isBackward: direction === 'backward' });
  return {
    status: 'success',
    data: {
      resultType: 'streams',
      ...(categorizeLabels && { encodingFlags: ['categorize-labels'] }),
      result: group(selected, categorizeLabels),
      stats: { summary: { totalEntriesReturned: selected.length } },
    },
  };
};

/** A line and the stream that it is in. */
interface Candidate {
  readonly entry: StoredEntry;
  readonly hash: bigint;
  readonly place: number;
}

/** The lines of an answer in their order. */
const select = (
  ingester: Ingester,
  { isSelected, start, end, limit, isBackward }: Selection,
): readonly StoredEntry[] => {
  const candidates: Candidate[] = [];
  for (const { labels, entries } of ingester.streams) {
    if (!isSelected(labels.record)) continue;
    for (const [place, entry] of entries.entries()) {
      if (entry.timeNanos >= start && entry.timeNanos < end) candidates.push({ entry, hash: labels.hash, place });
    }
  }
  const sign = isBackward ? -1 : 1;
  candidates.sort((a, b) => sign * compareTimes(a.entry, b.entry));
  // The order within the same time costs more to find out: that is left to the lines which may be in the answer.
  const last = candidates[limit - 1]?.entry.timeNanos;
  const rest =
    last === undefined ? -1 : candidates.findIndex(({ entry }, index) => index >= limit && entry.timeNanos !== last);
  const near = rest === -1 ? candidates : candidates.slice(0, rest);
  near.sort((a, b) => sign * compareTimes(a.entry, b.entry) || compareStreams(a, b) || sign * (a.place - b.place));
  return near.slice(0, limit).map(({ entry }) => entry);
};

const compareTimes = (a: StoredEntry, b: StoredEntry): number =>
  a.timeNanos === b.timeNanos ? 0 : a.timeNanos < b.timeNanos ? -1 : 1;

/** By stream, then by metadata, in either direction. */
const compareStreams = (a: Candidate, b: Candidate): number => {
  if (a.hash !== b.hash) return a.hash < b.hash ? -1 : 1;
  return compareUtf8(labelsText(allLabels(a.entry)), labelsText(allLabels(b.entry)));
};

const allLabels = ({ labels, metadata }: StoredEntry): Record<string, string> =>
  sorted({ ...labels, ...renameClashes(labels, metadata) });

const group = (entries: readonly StoredEntry[], categorizeLabels: boolean): ResultStream[] => {
  const groups = new Map<string, ResultStream>();
  for (const entry of entries) {
    const { labels, timeNanos, line } = entry;
    const metadata = renameClashes(labels, entry.metadata);
    const stream = categorizeLabels ? sorted(labels) : allLabels(entry);
    const key = labelsText(stream);
    let result = groups.get(key);
    if (result === undefined) groups.set(key, (result = { stream, values: [] }));
    result.values.push(categorizeLabels ? [String(timeNanos), line, categories(metadata)] : [String(timeNanos), line]);
  }
  checkNames(groups.values());
  return [...groups.entries()].toSorted(([a], [b]) => compareUtf8(a, b)).map(([, stream]) => stream);
};

/** Loki accepts names in UTF-8 and then cannot answer with them. @throws Refusal */
const checkNames = (streams: Iterable<ResultStream>): void => {
  for (const { stream } of streams) {
    // U+FFFD stands for a byte that is no UTF-8, as Loki takes no other.
    const text = Object.entries(stream).map(
      ([name, value]) => `${name}=${quoteGo(value).replaceAll('\ufffd', '\\xff')}`,
    );
    try {
      parseLabels(`{${text.join(', ')}}`);
    } catch (error) {
      if (!(error instanceof LabelParseError)) throw error;
      throw new Refusal(500, `could not write JSON response: ${error.message}`);
    }
  }
};

const ERROR_NAMES = new Set(['__error__', '__error_details__']);

/** Two names belong to the query language: whoever uses them finds them among the labels that were parsed. */
const categories = (metadata: Readonly<Record<string, string>>): object => {
  const entries = Object.entries(sorted(metadata));
  const structured = entries.filter(([name]) => !ERROR_NAMES.has(name));
  const parsed = entries.filter(([name]) => ERROR_NAMES.has(name));
  return {
    ...(structured.length > 0 && { structuredMetadata: Object.fromEntries(structured) }),
    ...(parsed.length > 0 && { parsed: Object.fromEntries(parsed) }),
  };
};

const sorted = (record: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => compareUtf8(a, b)));

/** Metadata with the name of a label are shown under another name. */
const renameClashes = (
  labels: Readonly<Record<string, string>>,
  metadata: Readonly<Record<string, string>>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [Object.hasOwn(labels, name) ? `${name}_extracted` : name, value]),
  );

/** Names of all labels, or the values of one. */
export const labelNames = (ingester: Ingester, name?: string): unknown => {
  const found = new Set<string>();
  for (const { labels } of ingester.streams) {
    for (const [label, value] of labels.pairs) {
      if (name === undefined) found.add(label);
      else if (label === name) found.add(value);
    }
  }
  return { status: 'success', ...(found.size > 0 && { data: [...found].toSorted() }) };
};
