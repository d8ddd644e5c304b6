import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import type { TailInput } from './tail-fixture.ts';

type Resource = ReadableLogRecord['resource'];

/** Records of one application share their resource. */
const resources = new WeakMap<object, Resource>();

/** The record that an exporter gets where a tail is to show this. */
export function recordOf({ time = Date.now(), scope = 'test', ...input }: TailInput): ReadableLogRecord {
  const { scopeVersion, traceId, spanId, resource = {}, attributes = {}, ...fields } = input;
  return {
    hrTime: [Math.floor(time / 1000), Math.round((time % 1000) * 1_000_000)],
    hrTimeObserved: [0, 0],
    attributes,
    resource: resourceOf(resource),
    instrumentationScope: { name: scope, version: scopeVersion },
    droppedAttributesCount: 0,
    ...(traceId !== undefined && { spanContext: { traceId, spanId, traceFlags: 1 } }),
    ...fields,
  } as unknown as ReadableLogRecord;
}

function resourceOf(attributes: object): Resource {
  const resource = resources.get(attributes) ?? ({ attributes } as Resource);
  resources.set(attributes, resource);
  return resource;
}
