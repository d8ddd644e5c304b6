import type { SpanContext } from '@opentelemetry/api';
import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs';

/** What an application without Spillway counts with: three metrics with two labels each. */
export interface LogMeters {
  readonly countRequest: (route: string, status: number, span: SpanContext | undefined) => void;
  readonly countRecord: (severity: string, tenant: string, span: SpanContext | undefined) => void;
  readonly takeDuration: (method: string, route: string, seconds: number, span: SpanContext | undefined) => void;
  /** All metrics as text. */
  readonly text: () => Promise<string>;
}

const SEVERITY_NAMES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;

/** The rules of `spillwayRules`, as an application would write them by hand: the same conditions on the same fields. */
export function countByHand(meters: LogMeters): LogRecordExporter {
  return {
    export: (records, onResult) => {
      for (const record of records) countOne(meters, record);
      onResult({ code: 0 });
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}

function countOne(meters: LogMeters, record: ReadableLogRecord): void {
  const { attributes, spanContext, severityNumber = 9 } = record;
  const route = attributes['http.route'];
  const status = attributes['http.response.status_code'];
  if (record.eventName === 'http.request' && typeof route === 'string' && typeof status === 'number') {
    meters.countRequest(route, status, spanContext);
  }
  const tenant = attributes['tenant'];
  if (typeof tenant === 'string') {
    meters.countRecord(SEVERITY_NAMES[(severityNumber - 1) >> 2] as string, tenant, spanContext);
  }
  const method = attributes['http.request.method'];
  const seconds = attributes['duration'];
  if (record.instrumentationScope.name !== 'http') return;
  if (typeof method === 'string' && typeof route === 'string' && typeof seconds === 'number') {
    meters.takeDuration(method, route, seconds, spanContext);
  }
}
