import { fileURLToPath } from 'node:url';

import { logs } from '@opentelemetry/api';
import type { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createLoggerProvider } from '@spillway/config';
import type { LiveTailLogRecordExporter } from '@spillway/exporter-live-tail';
import type { LokiLogRecordExporter } from '@spillway/exporter-loki';
import type {
  BurstDropLogRecordProcessor,
  FanOutLogRecordProcessor,
  HybridLogRecordProcessor,
  RingBufferLogRecordProcessor,
  SamplingLogRecordProcessor,
} from '@spillway/processors';

const CONFIGURATION = fileURLToPath(new URL('../spillway.yaml', import.meta.url));

/** The components of the configuration file, under the names that they have there. */
export interface Components {
  readonly fan_out: FanOutLogRecordProcessor;
  readonly live_tail: LiveTailLogRecordExporter;
  readonly ring_buffer: RingBufferLogRecordProcessor;
  readonly burst_drop: BurstDropLogRecordProcessor;
  readonly sampling: SamplingLogRecordProcessor;
  readonly hybrid: HybridLogRecordProcessor;
  readonly loki: LokiLogRecordExporter;
}

export interface Telemetry {
  readonly provider: LoggerProvider;
  readonly components: Components;
}

/** From here on, what this process logs through the OpenTelemetry API takes the way that the configuration file describes. */
export function startTelemetry(environment: Readonly<Record<string, string | undefined>>): Telemetry {
  const components: Record<string, unknown> = {};
  const provider = createLoggerProvider(CONFIGURATION, {
    environment,
    onComponent: (component, { name }) => (components[name] = component),
  });
  logs.setGlobalLoggerProvider(provider);
  return { provider, components: components as unknown as Components };
}
