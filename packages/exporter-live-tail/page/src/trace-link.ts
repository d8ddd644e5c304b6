const TRACE_ID = /^[0-9a-f]{32}$/i;

/**
 * Address of a trace: the template with the id in place of each `{trace_id}`. Undefined where the id is none, or where the
 * template leads anywhere but to `http` or `https`.
 *
 * @param base what a template without a host is relative to
 */
export function traceLink(template: string | undefined, traceId: string, base: string): string | undefined {
  if (template === undefined || template === '' || !TRACE_ID.test(traceId)) return undefined;
  const text = template.replaceAll('{trace_id}', traceId);
  if (!URL.canParse(text, base)) return undefined;
  const { protocol, href } = new URL(text, base);
  return protocol === 'http:' || protocol === 'https:' ? href : undefined;
}
