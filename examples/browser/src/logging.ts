import { logs } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { indexedDbOutbox } from '@spillway/delivery';
import { LokiLogRecordExporter } from '@spillway/exporter-loki';
import { Logger } from '@spillway/logger';
import { HybridLogRecordProcessor, webPagePreset } from '@spillway/processors';

// Loki takes two equal lines of one instant for one: this tells pages apart, and is no label.
export const pageViewId = crypto.getRandomValues(new Uint32Array(2)).join('-');
const resource = resourceFromAttributes({ 'service.name': 'web-shop', 'page.view.id': pageViewId });

export const exporter = new LokiLogRecordExporter({ url: '/', outbox: indexedDbOutbox() });
export const processor = new HybridLogRecordProcessor({ exporter, ...webPagePreset });
logs.setGlobalLoggerProvider(new LoggerProvider({ resource, processors: [processor] }));

export const logger = new Logger({ name: 'page' });
addEventListener('error', ({ error, message }) => logger.error(message, 'uncaught', { error }));
addEventListener('unhandledrejection', ({ reason }) =>
  logger.error('unhandled rejection', 'uncaught', { error: reason }),
);
