/** What the text of a 400 says about the records of the request. */
export type Refusal =
  /** So many of them were refused, all others are stored. */
  | number
  /** All records of a stream were refused. */
  | 'stream'
  /** Some were only put off, because the stream got too many at once. */
  | 'rate'
  /** Nothing was stored, and no record is to blame: the request did not arrive as it was sent. */
  | 'transport'
  /** Nothing was stored, and sending less or later will not help. */
  | 'configuration'
  /** It cannot be told from the text. */
  | 'unknown';

/** Labels as Loki prints them, with their values taken out by {@link withoutQuoted}. */
const STREAM = String.raw`'\{[^{}']*\}'`;
const COUNT = String.raw`'?\d+'?`;
const TIME = String.raw`\d{4}-\d\d-\d\dT[0-9:.]+Z?[0-9:+-]*`;
const ADVICE = String.raw`\. Please see [^;]{0,200}? or contact your Loki administrator to (?:increase|enable) it`;

/**
 * Refusals of one entry each.
 * @see https://github.com/grafana/loki/blob/main/pkg/validation/validate.go (read 2026-11-21)
 */
const ENTRY_REFUSALS = [
  `entry for stream ${STREAM} has timestamp too old: ${TIME}, oldest acceptable timestamp is: ${TIME}`,
  `entry for stream ${STREAM} has timestamp too new: ${TIME}`,
  `max entry size ${COUNT} bytes exceeded for stream ${STREAM} while adding an entry with length ${COUNT} bytes`,
  `stream ${STREAM} has structured metadata too large: ${COUNT} bytes, limit: ${COUNT} bytes${ADVICE}`,
  `stream ${STREAM} has too many structured metadata labels: ${COUNT}, limit: ${COUNT}${ADVICE}`,
  `stream ${STREAM} includes structured metadata, but this feature is disallowed${ADVICE}`,
].join('|');

/** Refusals of a whole stream. */
const STREAM_REFUSALS = [
  `entry for stream ${STREAM} has ${COUNT} label names; limit ${COUNT}$`,
  `stream ${STREAM} has label (?:name|value) too long: '`,
  `stream ${STREAM} has duplicate label name: '`,
  `missing required labels '`,
  `error at least one label pair is required per stream$`,
  `error parsing labels '`,
].join('|');

const ENTRY_REFUSAL = new RegExp(`(?:(\\d+) errors like: )?(?:${ENTRY_REFUSALS})(?:; |$)`, 'y');
const STREAM_REFUSAL = new RegExp(`^(?:1 errors like: )?(?:${STREAM_REFUSALS})`);

/** Ends what an ingester says about the entries of one stream, of which it names only the first few. */
const TOTAL_IGNORED = /(?:^|\n)user '[^']*', total ignored: (\d+) out of (\d+) for stream: \{/;
const RATE = /Per stream rate limit exceeded/;
const TRANSPORT = /^(?:unexpected )?EOF$/;
/** Headers that a gateway lost, tenants that there cannot be, and pages of other servers. */
const CONFIGURATION = /^(?:<|Content-Encoding "|gzip: |flate: |snappy: |mime: |tenant ID |multiple org IDs|no org id)/;
const QUOTED = /"(?:[^"\\]|\\.)*"/g;

/**
 * Reads the text of a 400. Loki joins the refusals of a request in one text: equal ones are counted, and what is not
 * named is stored. One that cannot be read to its end, or does not add up, is `unknown`: a guess would make the account wrong.
 */
export function readRefusal(body: string, recordCount: number): Refusal {
  const text = withoutQuoted(body.trim());
  if (RATE.test(text)) return 'rate';
  const [, ignored, total] = TOTAL_IGNORED.exec(text) ?? [];
  // An ingester counts the entries that reached it. If these are not all of the request's, others were refused before, or
  // belong to another stream, of which the text says nothing.
  if (ignored !== undefined && Number(total) !== recordCount) return 'unknown';
  const count = ignored === undefined ? countEntryRefusals(text) : Number(ignored);
  if (count > 0 || ignored !== undefined) return count <= recordCount ? count : 'unknown';
  if (TRANSPORT.test(text)) return 'transport';
  if (CONFIGURATION.test(text)) return 'configuration';
  return STREAM_REFUSAL.test(text) ? 'stream' : 'unknown';
}

/** Entries refused, or 0 where the text is not a list of such refusals from its start to its end. */
function countEntryRefusals(text: string): number {
  let count = 0;
  ENTRY_REFUSAL.lastIndex = 0;
  while (ENTRY_REFUSAL.lastIndex < text.length) {
    const match = ENTRY_REFUSAL.exec(text);
    if (match === null) return 0;
    count += Number(match[1] ?? 1);
  }
  return count;
}

/** Values of labels can hold anything, also what looks like a refusal; Loki quotes them. */
function withoutQuoted(text: string): string {
  return text.replaceAll(QUOTED, '""');
}
