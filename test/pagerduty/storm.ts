import { seededRandom } from '../stand-in/seeded-random.ts';

/** A log record of a storm, as plain data. */
export interface StormRecord {
  readonly severityNumber: number;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** How large a storm is, and how severe. */
export interface StormOptions {
  /** @defaultValue 10,000 */
  readonly count?: number;
  /** @defaultValue 21, FATAL */
  readonly severityNumber?: number;
}

type Random = () => number;

const DEFAULT_COUNT = 10_000;
const FATAL = 21;
const SEED = 20261121;

/** One failure again and again: the same body and error; what differs says whose request it was. */
export function repeatedStorm(options: StormOptions = {}): readonly StormRecord[] {
  return storm(options, 'ConnectionError', () => 'Connection to the payment gateway was lost');
}

/** One failure again and again, in words that never repeat: numbers, ids, addresses, times and quoted texts differ. */
export function lookAlikeStorm(options: StormOptions = {}): readonly StormRecord[] {
  const random = seededRandom(SEED);
  return storm(options, 'PaymentError', (index) => lookAlikeBody(index, random));
}

/**
 * As many failures as records: their words differ, whatever is masked.
 * @throws RangeError where `count` is more than {@link MAX_DISTINCT}
 */
export function distinctStorm(options: StormOptions = {}): readonly StormRecord[] {
  if ((options.count ?? 0) > MAX_DISTINCT) throw new RangeError(`There are only ${MAX_DISTINCT} distinct failures.`);
  return storm(options, 'Error', distinctBody);
}

function storm(
  { count = DEFAULT_COUNT, severityNumber = FATAL }: StormOptions,
  exceptionType: string,
  body: (index: number) => string,
): readonly StormRecord[] {
  const random = seededRandom(SEED + 1);
  return Array.from({ length: count }, (_, index) => ({
    severityNumber,
    body: body(index),
    attributes: {
      'exception.type': exceptionType,
      'http.request.id': uuid(random),
      'http.duration_ms': 1 + below(30_000, random),
    },
  }));
}

function lookAlikeBody(index: number, random: Random): string {
  const time = new Date(Date.UTC(2026, 10, 21) + index * 7919).toISOString();
  const address = Array.from({ length: 4 }, () => below(256, random)).join('.');
  const host = Array.from({ length: 8 }, () => hex(4, random)).join(':');
  const amount = (below(1_000_000, random) / 100).toFixed(2);
  return (
    `Payment ${below(10 ** (1 + (index % 9)), random)} of order ${uuid(random)} failed at ${time} after ${below(90_000, random)}ms: ` +
    `gateway ${address}:${1024 + below(60_000, random)} [${host}] answered "declined: card of customer ${below(5000, random)}" ` +
    `for user '${pick(NOUNS, random)} ${pick(PLACES, random)}', amount ${amount}, token ${hex(32, random)}, ` +
    `span 0x${hex(16, random)}, attempt ${1 + below(20, random)} of 20`
  );
}

const VERBS =
  words(`opening closing reading writing renaming locking flushing mounting parsing sorting loading moving joining
  sending signing routing polling tuning warming pinning`);
const NOUNS =
  words(`invoice customer shipment voucher basket contract mailbox journal snapshot playlist workflow timetable
  passport tournament kitchen library vineyard monitor sensor turbine`);
const PLACES =
  words(`lisbon oslo tokyo quito nairobi hobart tallinn montreal kyoto porto lyon krakow turin zurich sydney houston
  memphis toronto jakarta seoul`);
const REASONS = words('missing refused corrupt stale overdue locked');

/** How many different bodies {@link distinctStorm} has. */
export const MAX_DISTINCT: number = VERBS.length * NOUNS.length * PLACES.length * REASONS.length;

/** A body of words alone: neither digits nor words that could be hexadecimal. */
function distinctBody(index: number): string {
  const verb = at(VERBS, index);
  const noun = at(NOUNS, Math.floor(index / VERBS.length));
  const place = at(PLACES, Math.floor(index / (VERBS.length * NOUNS.length)));
  const reason = at(REASONS, Math.floor(index / (VERBS.length * NOUNS.length * PLACES.length)));
  return `Error while ${verb} the ${noun} of ${place}: it is ${reason}`;
}

function words(text: string): readonly string[] {
  return text.split(/\s+/);
}

function at(list: readonly string[], index: number): string {
  return list[index % list.length] ?? '';
}

function pick(list: readonly string[], random: Random): string {
  return at(list, below(list.length, random));
}

function below(limit: number, random: Random): number {
  return Math.floor(random() * limit);
}

function hex(digits: number, random: Random): string {
  return Array.from({ length: digits }, () => below(16, random).toString(16)).join('');
}

function uuid(random: Random): string {
  const [a, b, c, d, e] = [8, 4, 3, 3, 12].map((digits) => hex(digits, random));
  return `${a}-${b}-4${c}-a${d}-${e}`;
}
