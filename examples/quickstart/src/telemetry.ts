import { logs } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { LokiLogRecordExporter, type LokiLogRecordExporterOptions } from '@spillway/exporter-loki';
import { HybridLogRecordProcessor } from '@spillway/processors';

/**
 * Sends everything that this process logs through the OpenTelemetry API to Loki. An application needs no more than this,
 * and `await provider.shutdown()` at its end.
 */
export function startTelemetry(serviceName: string, instanceId: string, options: LokiLogRecordExporterOptions) {
  const exporter = new LokiLogRecordExporter(options);
  const processor = new HybridLogRecordProcessor({ exporter });
  // Both become labels in Loki: leave the instance out where instances come and go by the thousand.
  const resource = resourceFromAttributes({ 'service.name': serviceName, 'service.instance.id': instanceId });
  const provider = new LoggerProvider({ resource, processors: [processor] });
  logs.setGlobalLoggerProvider(provider);
  return { exporter, processor, provider };
}
