/**
 * The path of a request's target, without its query; undefined where it has none. A target may be a whole address.
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2 (read 2026-11-28)
 */
export function requestPath(target: string): string | undefined {
  return URL.parse(target.startsWith('/') ? `http://host${target}` : target)?.pathname;
}
