import { parseHttpDate } from './http-date.ts';

/**
 * The longest `Retry-After` that is honoured by default: 5 minutes, as the OpenTelemetry Collector's exporters give up
 * after. A backend that asks for an hour by mistake must not silence its clients for an hour.
 */
export const MAX_RETRY_AFTER_MILLIS = 300_000;

const DELAY_SECONDS = /^[0-9]+$/;
const SURROUNDING_WHITESPACE = /^[ \t]+|[ \t]+$/g;

/**
 * Reads a `Retry-After` header: milliseconds to wait from `nowMillis` (since the epoch), or `undefined` for "no hint".
 *
 * Strict, because what is no hint falls back to the backoff, while a misread one becomes a hot loop or a long silence:
 * only whole seconds and the three HTTP date forms count. `0`, dates that are past, `1.5`, `1e3`, `-1`, ISO dates and
 * a header that was sent twice (`2, 3`) are no hint. The answer is above 0 and not capped: see `nextDelayMillis`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 (read 2026-11-21)
 */
export function parseRetryAfter(value: string | null | undefined, nowMillis: number): number | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.replace(SURROUNDING_WHITESPACE, '');
  const millis = DELAY_SECONDS.test(text)
    ? Number(text) * 1000
    : (parseHttpDate(text, nowMillis) ?? nowMillis) - nowMillis;
  return millis > 0 ? Math.min(millis, Number.MAX_SAFE_INTEGER) : undefined;
}
