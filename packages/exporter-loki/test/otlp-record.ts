import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

/** A value as OTLP has it. */
interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: string;
  readonly doubleValue?: number | string;
  readonly boolValue?: boolean;
  readonly bytesValue?: string;
  readonly arrayValue?: { readonly values: readonly OtlpValue[] };
  readonly kvlistValue?: { readonly values: readonly OtlpAttribute[] };
}

interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

/** One record as OTLP has it, with its resource and scope. */
export interface OtlpInput {
  readonly resource: readonly OtlpAttribute[];
  readonly scope: { readonly name: string; readonly version?: string; readonly attributes: readonly OtlpAttribute[] };
  readonly record: {
    readonly timeUnixNano?: string;
    readonly observedTimeUnixNano?: string;
    readonly severityNumber?: number;
    readonly severityText?: string;
    readonly body?: OtlpValue;
    readonly eventName?: string;
    readonly traceId?: string;
    readonly spanId?: string;
    readonly flags?: number;
    readonly droppedAttributesCount?: number;
    readonly attributes: readonly OtlpAttribute[];
  };
}

/** The record that the SDK would have had for this to come out of its OTLP exporter. */
export function recordOfOtlp({ resource, scope, record }: OtlpInput, nowMillis: number): ReadableLogRecord {
  const { traceId, spanId, flags = 0, severityNumber, severityText, eventName } = record;
  return {
    hrTime: hrTimeOf(record.timeUnixNano, nowMillis),
    hrTimeObserved: hrTimeOf(record.observedTimeUnixNano, nowMillis),
    ...(traceId !== undefined && spanId !== undefined && { spanContext: { traceId, spanId, traceFlags: flags } }),
    ...(severityNumber !== undefined && { severityNumber }),
    ...(severityText !== undefined && { severityText }),
    ...(eventName !== undefined && { eventName }),
    body: record.body === undefined ? undefined : valueOf(record.body),
    attributes: tableOf(record.attributes),
    droppedAttributesCount: record.droppedAttributesCount ?? 0,
    resource: { attributes: tableOf(resource) } as unknown as ReadableLogRecord['resource'],
    instrumentationScope: { ...scope, attributes: tableOf(scope.attributes) },
  };
}

function hrTimeOf(nanos: string | undefined, nowMillis: number): [number, number] {
  if (nanos === undefined) return [0, 0];
  const value = nanos === '<now>' ? BigInt(nowMillis) * 1_000_000n : BigInt(nanos);
  return [Number(value / 1_000_000_000n), Number(value % 1_000_000_000n)];
}

function tableOf(attributes: readonly OtlpAttribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)]));
}

function valueOf(value: OtlpValue): unknown {
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.intValue !== undefined) return Number(value.intValue);
  if (value.doubleValue !== undefined) return Number(value.doubleValue);
  if (value.boolValue !== undefined) return value.boolValue;
  if (value.bytesValue !== undefined) return new Uint8Array(Buffer.from(value.bytesValue, 'base64'));
  if (value.arrayValue !== undefined) return value.arrayValue.values.map((item) => valueOf(item));
  return value.kvlistValue === undefined ? null : tableOf(value.kvlistValue.values);
}
