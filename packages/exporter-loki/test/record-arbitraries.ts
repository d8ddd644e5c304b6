import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import * as fc from 'fast-check';

import { hrTimeOf, NOW_MILLIS } from './encode-options.ts';

/** Names that clash with each other, with fields, with resources, or with what Loki accepts. */
const TRICKY_KEYS = [
  'a.b a_b a-b A.b trace_id trace.id span_id severity_text severity.number flags',
  'event_name event.name observed_timestamp dropped_attributes_count service.name host.name',
  'scope_name scope.version telemetry.sdk.name é $ __x__ ____ __half 9x 😀',
  '__proto__ constructor toString level k8s.pod.name url.path user.id duration',
].flatMap((names) => ['', ...names.split(' ')]);

const text = fc.oneof(
  { weight: 6, arbitrary: fc.string({ maxLength: 40 }) },
  { weight: 2, arbitrary: fc.string({ maxLength: 20, unit: 'binary' }) },
  { weight: 1, arbitrary: fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 }).map(fromUnits) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', 'GET', '/api', 'a "quoted" one', 'two\nlines', '\u2028', '\\', '\ud800x'),
  },
);

function fromUnits(units: number[]): string {
  return String.fromCharCode(...units);
}

const number = fc.oneof(
  fc.integer({ min: -5, max: 1200 }),
  fc.integer(),
  fc.double(),
  fc.constantFrom(-0, 1e21, 1e-7, 0.1, Number.NaN, Number.POSITIVE_INFINITY),
);

const key = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...TRICKY_KEYS) }, { weight: 1, arbitrary: text });

function table<T>(value: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<Record<string, T>> {
  const entries = fc.uniqueArray(fc.tuple(key, value), { maxLength, selector: ([name]) => name });
  return entries.map((list) => Object.fromEntries(list));
}

/** What OTLP can carry. */
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 5, arbitrary: text },
    { weight: 3, arbitrary: number },
    { weight: 1, arbitrary: fc.boolean() },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 5 }).map((bytes) => new Uint8Array(bytes)) },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    { weight: 1, arbitrary: table(tie('value'), 3) },
  ),
}));

/** Mostly what applications log; sometimes anything. */
const attributeValue = fc.oneof(
  { weight: 5, arbitrary: fc.oneof(text, number, fc.boolean()) },
  { weight: 1, arbitrary: value },
);

const resource = table(attributeValue, 6).map(
  (attributes) => ({ attributes }) as unknown as ReadableLogRecord['resource'],
);

const scope = fc.record({
  name: fc.constantFrom('', 'lib', 'é'),
  version: fc.constantFrom(undefined, '1.2'),
  attributes: fc.oneof(fc.constant({}), table(attributeValue, 2)),
  droppedAttributesCount: fc.constantFrom(undefined, 2),
});

const hexDigits = Array.from('0123456789abcdef');
const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...hexDigits), minLength: length, maxLength: length });
const spanContext = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc.record({
      traceId: fc.oneof(hex(32), fc.constant('0'.repeat(32))),
      spanId: fc.oneof(hex(16), fc.constant('0'.repeat(16))),
      traceFlags: fc.constantFrom(0, 1),
    }),
  },
);

const time = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 0, max: 3 })).map(near) },
  { weight: 1, arbitrary: fc.constant<[number, number]>([0, 0]) },
);

function near([millis, nanos]: [number, number]): [number, number] {
  return hrTimeOf(NOW_MILLIS + millis, nanos);
}

/** Batches of records of a few resources and scopes, as the SDK could hand them over. */
export const batches: fc.Arbitrary<ReadableLogRecord[][]> = fc
  .tuple(fc.array(resource, { minLength: 1, maxLength: 3 }), fc.array(scope, { minLength: 1, maxLength: 2 }))
  .chain(([resources, scopes]) => {
    const record = fc.record({
      hrTime: time,
      hrTimeObserved: time,
      severityNumber: fc.constantFrom(undefined, 0, 1, 9, 17, 24),
      severityText: fc.constantFrom(undefined, '', 'INFO', 'Notice "x"'),
      body: fc.oneof(
        { weight: 3, arbitrary: text },
        { weight: 1, arbitrary: value },
        { weight: 1, arbitrary: fc.constant(undefined) },
      ),
      eventName: fc.constantFrom(undefined, undefined, '', 'clicked', 'é"'),
      attributes: table(attributeValue, 6),
      droppedAttributesCount: fc.constantFrom(0, 0, 0, 3),
      spanContext,
      resource: fc.constantFrom(...resources),
      instrumentationScope: fc.constantFrom(...scopes),
    }) as unknown as fc.Arbitrary<ReadableLogRecord>;
    return fc.array(fc.array(record, { maxLength: 12 }), { minLength: 1, maxLength: 4 });
  });
