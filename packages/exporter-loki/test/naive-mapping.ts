import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

/** Written for reading only, from the description of Loki's mapping: what the encoder must come to for records that need no cutting. */
export interface NaiveEntry {
  readonly labels: Record<string, string>;
  readonly line: string;
  readonly metadata: Record<string, string>;
}

const INDEX = new Set(
  (
    'service.name service.namespace service.instance.id deployment.environment deployment.environment.name cloud.region ' +
    'cloud.availability_zone k8s.cluster.name k8s.namespace.name k8s.pod.name k8s.container.name container.name ' +
    'k8s.replicaset.name k8s.deployment.name k8s.statefulset.name k8s.daemonset.name k8s.cronjob.name k8s.job.name'
  ).split(' '),
);

export function naiveEntry(record: ReadableLogRecord, extraLabels: readonly string[] = []): NaiveEntry {
  const labels = new Map<string, string>();
  const pairs: [string, string][] = [];
  for (const [key, value] of Object.entries(record.attributes)) {
    if (key === 'event_name' && record.eventName) continue;
    if (extraLabels.includes(key) && ['string', 'number', 'boolean'].includes(typeof value) && value !== '') continue;
    pairs.push(...flatten(key, value));
  }
  pairs.push(...builtins(record));
  for (const [key, value] of Object.entries(record.resource.attributes)) {
    if (INDEX.has(key)) for (const [name, text] of flatten(key, value)) labels.set(name, text);
    else if (extraLabels.includes(key)) for (const [name, text] of flatten(key, value)) labels.set(name, text);
    else pairs.push(...flatten(key, value));
  }
  for (const key of extraLabels) {
    const value = record.attributes[key];
    if (['string', 'number', 'boolean'].includes(typeof value) && value !== '')
      labels.set(naiveName(key), String(value));
  }
  const scope = record.instrumentationScope;
  for (const [key, value] of Object.entries(scope.attributes ?? {})) pairs.push(...flatten(key, value));
  if (scope.name) pairs.push(['scope_name', scope.name]);
  if (scope.version) pairs.push(['scope_version', scope.version]);
  if (scope.droppedAttributesCount)
    pairs.push(['scope_dropped_attributes_count', String(scope.droppedAttributesCount)]);
  return { labels: tableOfLabels(labels), line: whole(naiveText(record.body)), metadata: tableOfPairs(pairs) };
}

function isSet([seconds, nanos]: readonly [number, number]): boolean {
  return seconds > 0 || nanos > 0;
}

function builtins(record: ReadableLogRecord): [string, string][] {
  const pairs: [string, string][] = [];
  const { hrTime, hrTimeObserved, spanContext } = record;
  if (isSet(hrTime) && isSet(hrTimeObserved)) {
    pairs.push(['observed_timestamp', String(BigInt(hrTimeObserved[0]) * 1_000_000_000n + BigInt(hrTimeObserved[1]))]);
  }
  if (record.severityNumber) pairs.push(['severity_number', String(record.severityNumber)]);
  if (record.severityText) pairs.push(['severity_text', record.severityText]);
  if (record.droppedAttributesCount) pairs.push(['dropped_attributes_count', String(record.droppedAttributesCount)]);
  if (spanContext?.traceFlags) pairs.push(['flags', String(spanContext.traceFlags)]);
  if (spanContext && /[^0]/.test(spanContext.traceId)) pairs.push(['trace_id', spanContext.traceId]);
  if (spanContext && /[^0]/.test(spanContext.spanId)) pairs.push(['span_id', spanContext.spanId]);
  if (record.eventName) pairs.push(['event_name', record.eventName]);
  return pairs;
}

function tableOfLabels(labels: ReadonlyMap<string, string>): Record<string, string> {
  const table = [...labels]
    .filter(([, value]) => value !== '')
    .map(([name, value]) => [name, whole(value).replaceAll('\ufffd', '?')]);
  return table.length === 0 ? { service_name: 'unknown_service' } : Object.fromEntries(table);
}

/** The last pair of a name wins; one empty pair of a name erases it. */
function tableOfPairs(pairs: readonly [string, string][]): Record<string, string> {
  const erased = new Set(pairs.filter(([, value]) => value === '').map(([name]) => name));
  const kept = pairs.filter(([name]) => !erased.has(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, whole(value)]));
}

function flatten(key: string, value: unknown): [string, string][] {
  const name = naiveName(key);
  if (!isMap(value)) return [[name, naiveText(value)]];
  return Object.entries(value).flatMap(([child, item]) => flatten(`${name}_${child}`, item));
}

export function naiveName(key: string): string {
  const isReserved = /^__.*__$/s.test(key) && key.length >= 4;
  const inner = isReserved ? key.slice(2, -2) : key;
  let name = '';
  for (const character of inner) {
    if (/[A-Za-z0-9]/.test(character)) name += character;
    else if (!name.endsWith('\u0000')) name += '\u0000';
  }
  name = name.replaceAll('\u0000', '_');
  if (isReserved) name = `__${name}__`;
  if (/^_*$/.test(name)) {
    const spelled = Array.from(key, (character) => character.codePointAt(0)?.toString(16)).join('_');
    return spelled === '' ? 'key_empty' : `key_${spelled}`;
  }
  return /^\d/.test(name) ? `key_${name}` : name;
}

function naiveText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : naiveJson(value);
}

function naiveJson(value: unknown): string {
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'));
  if (Array.isArray(value)) return `[${value.map((item) => naiveJson(item ?? null)).join(',')}]`;
  if (isMap(value)) {
    const keys = Object.keys(value).toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
    return `{${keys.map((key) => `${naiveJson(key)}:${naiveJson(value[key])}`).join(',')}}`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return `"${value}"`;
  if (typeof value === 'number') return String(value);
  const json = JSON.stringify(typeof value === 'string' ? whole(value) : value);
  return json.replaceAll('\u2028', String.raw`\u2028`).replaceAll('\u2029', String.raw`\u2029`);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** What UTF-8 makes of a text. */
function whole(text: string): string {
  return Buffer.from(text).toString();
}
