const REFUSED = /^q=0(?:\.0*)?$/;

/**
 * Whether a client that sends this header `Accept-Encoding` takes gzip.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3 (read 2026-11-21)
 */
export function acceptsGzip(header: string | undefined): boolean {
  let isAny = false;
  for (const part of (header ?? '').toLowerCase().split(',')) {
    const [coding, ...parameters] = part.split(';').map((text) => text.trim());
    const isAccepted = !parameters.some((parameter) => REFUSED.test(parameter));
    if (coding === 'gzip' || coding === 'x-gzip') return isAccepted;
    if (coding === '*') isAny = isAccepted;
  }
  return isAny;
}
