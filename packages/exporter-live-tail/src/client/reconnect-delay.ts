const FIRST_DELAY_MILLIS = 500;
/** People look at the page and wait for it, and few clients share a server. */
const MAX_DELAY_MILLIS = 10_000;
const MAX_RETRY_AFTER_SECONDS = 60;

/**
 * The wait before the next request: between half and all of a step that doubles, and never less than the server asked for.
 *
 * @param attempt how many requests have failed in a row, from 1
 * @param random from 0 up to, but without, 1
 * @param retryAfter the header, of which seconds are read: the server of a live tail sends no dates
 */
export function reconnectDelayMillis(attempt: number, random: number, retryAfter: string | null): number {
  const step = Math.min(FIRST_DELAY_MILLIS * 2 ** (attempt - 1), MAX_DELAY_MILLIS);
  const asked = /^\d+$/.test(retryAfter ?? '') ? Math.min(Number(retryAfter), MAX_RETRY_AFTER_SECONDS) * 1000 : 0;
  return Math.max(step * (0.5 + random / 2), asked);
}
