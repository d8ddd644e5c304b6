import { rfc3339 } from './go-text.ts';
import type { LokiLimits } from './limits.ts';
import { metadataBytes, type PushedEntry } from './push-request.ts';
import type { StreamLabels } from './stream-labels.ts';

const NANOS_PER_MILLI = 1_000_000n;

/** Times outside which lines are refused, fixed for one request. */
export interface TimeBounds {
  readonly oldestNanos: bigint | undefined;
  readonly newestNanos: bigint;
}

export const timeBounds = (limits: LokiLimits, nowNanos: bigint): TimeBounds => ({
  oldestNanos: Number.isFinite(limits.rejectOldMillis)
    ? nowNanos - BigInt(limits.rejectOldMillis) * NANOS_PER_MILLI
    : undefined,
  newestNanos: nowNanos + BigInt(limits.creationGraceMillis) * NANOS_PER_MILLI,
});

/** Why the labels are refused, and all lines of the stream with them; undefined when they are not. */
export const labelsProblem = ({ pairs, text, isInternal }: StreamLabels, limits: LokiLimits): string | undefined => {
  if (pairs.length === 0) return 'error at least one label pair is required per stream';
  if (isInternal) return undefined;
  const names = pairs.length - (pairs.some(([name]) => name === 'service_name') ? 1 : 0);
  if (names > limits.maxLabelNamesPerSeries) {
    return `entry for stream '${text}' has ${names} label names; limit ${limits.maxLabelNamesPerSeries}`;
  }
  // An empty name counts as repeated, since nothing came before it.
  let last = '';
  for (const [name, value] of pairs) {
    if (Buffer.byteLength(name) > limits.maxLabelNameBytes)
      return `stream '${text}' has label name too long: '${name}'`;
    if (Buffer.byteLength(value) > limits.maxLabelValueBytes) {
      return `stream '${text}' has label value too long: '${value}'`;
    }
    if (name === last) return `stream '${text}' has duplicate label name: '${name}'`;
    last = name;
  }
  return undefined;
};

/** Why a line is refused, alone; undefined when it is not. Metadata counts as it was sent, empty values included. */
export const entryProblem = (
  entry: PushedEntry,
  labels: StreamLabels,
  limits: LokiLimits,
  bounds: TimeBounds,
): string | undefined => {
  const stream = labels.text;
  const time = BigInt.asIntN(64, entry.timeNanos);
  if (bounds.oldestNanos !== undefined && time < bounds.oldestNanos) {
    return (
      `entry for stream '${stream}' has timestamp too old: ${rfc3339(entry.timeNanos)}, ` +
      `oldest acceptable timestamp is: ${rfc3339(bounds.oldestNanos)}`
    );
  }
  if (time > bounds.newestNanos) {
    return `entry for stream '${stream}' has timestamp too new: ${rfc3339(entry.timeNanos)}`;
  }
  if (limits.maxLineBytes !== 0 && entry.lineBytes > limits.maxLineBytes) {
    return (
      `max entry size '${limits.maxLineBytes}' bytes exceeded for stream '${stream}' ` +
      `while adding an entry with length '${entry.lineBytes}' bytes`
    );
  }
  return entry.metadata.length === 0 ? undefined : metadataProblem(entry, stream, limits);
};

const metadataProblem = ({ metadata }: PushedEntry, stream: string, limits: LokiLimits): string | undefined => {
  if (!limits.allowStructuredMetadata) {
    return (
      `stream '${stream}' includes structured metadata, but this feature is disallowed. Please see ` +
      '`limits_config.allow_structured_metadata` or contact your Loki administrator to enable it'
    );
  }
  const bytes = metadataBytes(metadata);
  if (limits.maxMetadataBytes !== 0 && bytes > limits.maxMetadataBytes) {
    return (
      `stream '${stream}' has structured metadata too large: '${bytes}' bytes, limit: '${limits.maxMetadataBytes}' bytes. Please see ` +
      '`limits_config.max_structured_metadata_size` or contact your Loki administrator to increase it'
    );
  }
  if (limits.maxMetadataEntries !== 0 && metadata.length > limits.maxMetadataEntries) {
    return (
      `stream '${stream}' has too many structured metadata labels: '${metadata.length}', limit: '${limits.maxMetadataEntries}'. ` +
      'Please see `limits_config.max_structured_metadata_entries_count` or contact your Loki administrator to increase it'
    );
  }
  return undefined;
};

/** Several problems as one text: equal ones are counted. */
export const joinProblems = (problems: readonly string[]): string => {
  const counts = new Map<string, number>();
  for (const problem of problems) counts.set(problem, (counts.get(problem) ?? 0) + 1);
  if (problems.length === 1) return problems[0] ?? '';
  return [...counts].map(([problem, count]) => `${count} errors like: ${problem}`).join('; ');
};
