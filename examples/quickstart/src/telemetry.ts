import { logs } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { LokiLogRecordExporter, type LokiLogRecordExporterOptions } from '@spillway/exporter-loki';
import { HybridLogRecordProcessor } from '@spillway/processors';

/** Sends everything that is logged through the OpenTelemetry API of this process to Loki. */
export function startTelemetry(serviceName: string, instanceId: string, options: LokiLogRecordExporterOptions) {
  const exporter = new LokiLogRecordExporter(options);
  const processor = new HybridLogRecordProcessor({ exporter });
  const resource = resourceFromAttributes({ 'service.name': serviceName, 'service.instance.id': instanceId });
  const provider = new LoggerProvider({ resource, processors: [processor] });
  logs.setGlobalLoggerProvider(provider);
  return { exporter, processor, provider };
}
