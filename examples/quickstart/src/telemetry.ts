import { logs } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { LokiLogRecordExporter, type LokiLogRecordExporterOptions } from '@spillway/exporter-loki';
import {
  BurstDropLogRecordProcessor,
  HybridLogRecordProcessor,
  RingBufferLogRecordProcessor,
  SamplingLogRecordProcessor,
} from '@spillway/processors';

const INFO = 9;

/** All stages of a record's path. */
export interface Telemetry {
  readonly provider: LoggerProvider;
  readonly recorder: RingBufferLogRecordProcessor;
  readonly burstDrop: BurstDropLogRecordProcessor;
  readonly sampling: SamplingLogRecordProcessor;
  readonly hybrid: HybridLogRecordProcessor;
  readonly exporter: LokiLogRecordExporter;
}

/**
 * Sends what this process logs through the OpenTelemetry API to Loki: of DEBUG what led to an error, of a warning that
 * repeats itself a few and how often it came, of ordinary requests the half, and everything else. To send all of it, an
 * application needs only the exporter, the hybrid and the provider, and `await provider.shutdown()` at its end.
 */
export function startTelemetry(
  serviceName: string,
  instanceId: string,
  options: LokiLogRecordExporterOptions,
): Telemetry {
  const exporter = new LokiLogRecordExporter(options);
  const hybrid = new HybridLogRecordProcessor({ exporter });
  const sampling = new SamplingLogRecordProcessor({
    delegate: hybrid,
    rules: [{ scope: 'orders', minSeverity: INFO, maxSeverity: INFO, ratio: 0.5 }],
    pressure: hybrid.pressure,
  });
  const burstDrop = new BurstDropLogRecordProcessor({
    delegate: sampling,
    severities: ['WARN'],
    rate: { perSecond: 5, burst: 10 },
  });
  const recorder = new RingBufferLogRecordProcessor({
    delegate: burstDrop,
    holdBelowSeverity: INFO,
    ttlMillis: 2000,
  });
  // Both become labels in Loki: leave the instance out where instances come and go by the thousand.
  const resource = resourceFromAttributes({ 'service.name': serviceName, 'service.instance.id': instanceId });
  const provider = new LoggerProvider({ resource, processors: [recorder] });
  logs.setGlobalLoggerProvider(provider);
  return { provider, recorder, burstDrop, sampling, hybrid, exporter };
}
