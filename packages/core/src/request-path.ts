import { checkString, optionMessage } from './option-checks.ts';

/**
 * The address that a request's target stands for; null where it is none. A target may be a whole address.
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2 (read 2026-11-28)
 */
export function requestUrl(target: string): URL | null {
  return URL.parse(target.startsWith('/') ? `http://host${target}` : target);
}

/** Returns `value` if it is a path that a request can have; one in another form, such as `/a/../b` or `/é`, would never be found. */
export function checkRequestPath(field: string, value: unknown): string {
  const text = checkString(field, value);
  if (text.startsWith('/') && requestUrl(text)?.pathname === text) return text;
  throw wrongRequestPath(field, text);
}

/** What is thrown for a path that cannot be. */
export function wrongRequestPath(field: string, text: string): RangeError {
  return new RangeError(
    optionMessage(field, 'a path that begins with `/`, as clients send it: ASCII, and without a query', text),
  );
}
