export type EventKind = 'trigger' | 'change' | 'resolve';

/** What of the documented contract of the Events API v2 an event breaks: written from the documentation alone. */
const SEVERITIES: ReadonlySet<unknown> = new Set(['critical', 'error', 'warning', 'info']);
const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;
const LONE_SURROGATE = /\p{Surrogate}/u;
const MAX_BODY_BYTES = 512_000;
const FIELDS: Readonly<Record<EventKind, readonly string[]>> = {
  trigger: ['routing_key', 'event_action', 'dedup_key', 'payload', 'links', 'client', 'client_url'],
  change: ['routing_key', 'payload', 'links'],
  resolve: ['routing_key', 'event_action', 'dedup_key'],
};
const PAYLOAD_FIELDS = ['summary', 'source', 'timestamp', 'custom_details'];
const TRIGGER_PAYLOAD_FIELDS = [...PAYLOAD_FIELDS, 'severity', 'component', 'group', 'class'];

type Fields = Readonly<Record<string, unknown>>;

/** Everything that is wrong with the body of a request; empty where PagerDuty takes it. */
export function breaches(body: Uint8Array, kind: EventKind): string[] {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  const event = JSON.parse(text) as Fields;
  const wrong: string[] = [];
  if (body.byteLength > MAX_BODY_BYTES) wrong.push(`${body.byteLength} bytes`);
  if (!isWellFormed(event)) wrong.push('a lone surrogate');
  if (!isText(event['routing_key'], 32) || (event['routing_key'] as string).length !== 32) wrong.push('routing_key');
  wrong.push(...unknownFields(event, FIELDS[kind]));
  if (kind !== 'change') {
    if (event['event_action'] !== kind) wrong.push('event_action');
    if (!isText(event['dedup_key'], 255)) wrong.push('dedup_key');
  }
  if (kind === 'resolve') return wrong;
  wrong.push(...payloadBreaches(event['payload'] as Fields, kind), ...linkBreaches(event['links']));
  if (event['client'] !== undefined && !isText(event['client'], 255)) wrong.push('client');
  if (event['client_url'] !== undefined && !isHref(event['client_url'])) wrong.push('client_url');
  return wrong;
}

function payloadBreaches(payload: Fields, kind: EventKind): string[] {
  const wrong = unknownFields(payload, kind === 'trigger' ? TRIGGER_PAYLOAD_FIELDS : PAYLOAD_FIELDS);
  if (!isText(payload['summary'], 1024)) wrong.push('summary');
  if (!isText(payload['source'], 255)) wrong.push('source');
  if (kind === 'trigger' && !SEVERITIES.has(payload['severity'])) wrong.push('severity');
  const { timestamp, custom_details: details } = payload;
  if (timestamp !== undefined && !(typeof timestamp === 'string' && ISO_8601.test(timestamp))) wrong.push('timestamp');
  for (const field of ['component', 'group', 'class']) {
    if (payload[field] !== undefined && !isText(payload[field], 255)) wrong.push(field);
  }
  const isObject = typeof details === 'object' && details !== null && !Array.isArray(details);
  if (details !== undefined && !isObject) wrong.push('custom_details');
  return wrong;
}

function linkBreaches(links: unknown): string[] {
  if (links === undefined) return [];
  if (!Array.isArray(links) || links.length === 0 || links.length > 10) return ['links'];
  return (links as Fields[]).flatMap(({ href, text, ...others }) => {
    const isValid = isHref(href) && (text === undefined || isText(text, 255)) && Object.keys(others).length === 0;
    return isValid ? [] : ['link'];
  });
}

function unknownFields(value: Fields, known: readonly string[]): string[] {
  return Object.keys(value).filter((key) => !known.includes(key));
}

/** UTF-16 units are never fewer than code points. */
function isText(text: unknown, max: number): boolean {
  return typeof text === 'string' && text.trim() !== '' && text.length <= max;
}

function isHref(href: unknown): boolean {
  return typeof href === 'string' && href.length <= 2048 && /^https?:\/\/./.test(href) && URL.canParse(href);
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return !LONE_SURROGATE.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, item]) => isWellFormed(key) && isWellFormed(item));
}
