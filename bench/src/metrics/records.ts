import { type Context, type Logger, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { LoggerProvider, type LogRecordProcessor, type ReadWriteLogRecord } from '@opentelemetry/sdk-logs';

export const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const;
export const STATUSES = [200, 201, 400, 404] as const;
const SEVERITIES = [9, 9, 5, 13] as const;
const ROUTES = Array.from({ length: 25 }, (_, index) => `/api/v1/orders/:id/parts-${index}`);
const TENANTS = Array.from({ length: 25 }, (_, index) => Buffer.from(`tenant-${index}`));

/**
 * Emits the record of an index: one of an HTTP service, with the labels of three metrics and some attributes besides. Each
 * of the metrics has 75 or 100 series, which take turns.
 */
export function emitRecord(logger: Logger, index: number, context: Context): void {
  const turn = Math.floor(index / 4) % 25;
  logger.emit({
    eventName: 'http.request',
    severityNumber: SEVERITIES[index % 4] as number,
    body: `request ${index} handled by worker ${index % 16}, and all was well in the end of it, as the upstream answered in time`,
    context,
    attributes: {
      'http.request.method': METHODS[index % 4],
      'http.route': ROUTES[turn],
      'http.response.status_code': STATUSES[index % 4],
      // A text of its own in each record, as one from a header is: its hash is not known yet.
      tenant: (TENANTS[turn] as Buffer).toString('latin1'),
      duration: ((index * 7919) % 1000) / 400,
      'user.id': `user-${index % 10_000}`,
    },
  });
}

/** A logger over a processor, of the scope that the metrics are about. */
export function makeLogger(processor: LogRecordProcessor): Logger {
  return new LoggerProvider({ processors: [processor] }).getLogger('http');
}

/** Contexts of as many traces as there are records in a round. */
export function traceContexts(count: number): readonly Context[] {
  return Array.from({ length: count }, (_, index) => {
    const traceId = ((BigInt(index + 1) * 0x9e3779b97f4a7c15f39cc0605cedc835n) % 2n ** 128n)
      .toString(16)
      .padStart(32, '0');
    return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: '00f067aa0ba902b7', traceFlags: 1 });
  });
}

/** Records as an exporter gets them from the SDK. */
export class RecordSource {
  #records: ReadWriteLogRecord[] = [];
  readonly #logger = makeLogger({
    onEmit: (record) => void this.#records.push(record),
    forceFlush: async () => {},
    shutdown: async () => {},
  });

  /** New ones each time; of traces where there are contexts. */
  make(count: number, contexts: readonly Context[] = []): ReadWriteLogRecord[] {
    this.#records = [];
    for (let index = 0; index < count; index += 1) emitRecord(this.#logger, index, contexts[index] ?? ROOT_CONTEXT);
    return this.#records;
  }
}
