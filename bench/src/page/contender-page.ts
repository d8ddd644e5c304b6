import { BatchLogRecordProcessor, LoggerProvider, type LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { indexedDbOutbox } from '@spillway/delivery';
import { LokiLogRecordExporter } from '@spillway/exporter-loki';
import { HybridLogRecordProcessor } from '@spillway/processors';

/** Where the driver finds how long the listeners of the page took that was left last. */
const LISTENER_MILLIS = 'listener-millis';
/** Nothing leaves before the page does; the SDK's own is left as it is by default. */
const QUEUED = { scheduledDelayMillis: 600_000, maxExportBatchSize: 4000, maxQueueSize: 4000 };

const contenders: Readonly<Record<string, (backend: string) => LogRecordProcessor>> = {
  'sdk batch, otlp': (backend) =>
    new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url: `${backend}/v1/logs` }) }),
  'hybrid, otlp': (backend) =>
    new HybridLogRecordProcessor({ ...QUEUED, exporter: new OTLPLogExporter({ url: `${backend}/v1/logs` }) }),
  'hybrid, loki, memory': (url) =>
    new HybridLogRecordProcessor({ ...QUEUED, exporter: new LokiLogRecordExporter({ url }) }),
  'hybrid, loki, indexedDbOutbox': (url) =>
    new HybridLogRecordProcessor({
      ...QUEUED,
      exporter: new LokiLogRecordExporter({ url, outbox: indexedDbOutbox() }),
    }),
};

/** What the driver calls. */
export interface ContenderPage {
  /** Emits records that are told apart by numbers, and goes on to another page in the same task where one is named. */
  emit(from: number, count: number, to?: string): void;
}

function watchListeners(): { readonly begin: () => void; readonly end: () => void } {
  let startedAt = 0;
  let millis = 0;
  return {
    begin: () => (startedAt = performance.now()),
    end: () => localStorage.setItem(LISTENER_MILLIS, String((millis += performance.now() - startedAt))),
  };
}

function onLeave(listener: () => void): void {
  document.addEventListener('visibilitychange', listener);
  addEventListener('pagehide', listener);
}

const query = new URLSearchParams(location.search);
const watch = watchListeners();
// One listener before those of the contender, and one behind them.
onLeave(watch.begin);
const processor = contenders[query.get('contender') ?? '']?.(query.get('backend') ?? '');
onLeave(watch.end);
const logger = new LoggerProvider({ processors: processor === undefined ? [] : [processor] }).getLogger('page');

const page: ContenderPage = {
  emit: (from, count, to) => {
    for (let index = from; index < from + count; index += 1) {
      const body = `record ${index}: ${'a line of an ordinary page, with some text '.repeat(4)}`;
      logger.emit({ severityNumber: 9, body, attributes: { 'http.route': '/orders', index } });
    }
    if (to !== undefined) location.href = to;
  },
};
Object.assign(globalThis, { page });
