/**
 * Texts with which Loki refuses one line and stores the others of a request.
 * @see https://github.com/grafana/loki/blob/main/pkg/validation/validate.go (read 2026-11-21)
 */
const LINE_REFUSALS: readonly RegExp[] = [
  /^entry for stream '.*' has timestamp too (?:old|new): /s,
  /^max entry size '\d+' bytes exceeded for stream '/,
  /^stream '.*' has structured metadata too large: /s,
  /^stream '.*' has too many structured metadata labels: /s,
  /^stream '.*' includes structured metadata, but this feature is disallowed/s,
];

/** How several refusals are joined: equal ones are counted. */
const NEXT_REFUSAL = /; (?=\d+ errors like: )/;
const COUNTED_REFUSAL = /^(\d+) errors like: (.*)$/s;

/** The ingester names the first ten lines it refused of a stream, and says how many there were. */
const IGNORED_OF_STREAM = /total ignored: (\d+) out of \d+ for stream: /;

/** How many lines of a request the text of a 400 says were refused; undefined where it does not account for them. */
export function refusedCount(text: string): number | undefined {
  const ignored = IGNORED_OF_STREAM.exec(text)?.[1];
  if (ignored !== undefined) return Number(ignored);
  let count = 0;
  for (const part of text.trimEnd().split(NEXT_REFUSAL)) {
    const [, times = '1', refusal = part] = COUNTED_REFUSAL.exec(part) ?? [];
    if (!LINE_REFUSALS.some((pattern) => pattern.test(refusal))) return undefined;
    count += Number(times);
  }
  return count;
}
