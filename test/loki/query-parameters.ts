import { quoteGo } from './go-text.ts';
import { Refusal } from './refusal.ts';

const DEFAULT_LIMIT = 100;
const NANOS_PER_SECOND = 1_000_000_000n;

/** @throws Refusal */
export const parseLimit = (text: string | null, max: number): number => {
  if (text === null || text === '') return DEFAULT_LIMIT;
  if (!/^[+-]?\d+$/.test(text)) throw new Refusal(400, `strconv.Atoi: parsing ${quoteGo(text)}: invalid syntax`);
  const limit = Number(text);
  if (limit <= 0) throw new Refusal(400, 'limit must be a positive value');
  if (limit > max) {
    const sizes = `(${limit} > ${max})`;
    throw new Refusal(400, `max entries limit per query exceeded, limit > max_entries_limit_per_query ${sizes}`);
  }
  return limit;
};

/** A time in nanoseconds: seconds up to ten digits or with a point, nanoseconds, or RFC 3339. @throws Refusal */
export const parseTime = (name: string, text: string | null, fallback: bigint): bigint => {
  if (text === null || text === '') return fallback;
  if (/^\d+\.\d+$/.test(text)) {
    const [seconds = '0', fraction = ''] = text.split('.');
    return BigInt(seconds) * NANOS_PER_SECOND + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  }
  if (/^-?\d+$/.test(text)) return text.length <= 10 ? BigInt(text) * NANOS_PER_SECOND : BigInt(text);
  const rfc = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  const millis = rfc === null ? Number.NaN : Date.parse(`${rfc[1]}${rfc[3]}`);
  if (!Number.isNaN(millis)) return BigInt(millis) * 1_000_000n + BigInt((rfc?.[2] ?? '').padEnd(9, '0'));
  throw new Refusal(
    400,
    `could not parse '${name}' parameter: strconv.ParseInt: parsing ${quoteGo(text)}: invalid syntax`,
  );
};
