import { ConsoleLogRecordExporter } from '@opentelemetry/sdk-logs';
import { type ComponentProvider, defineComponentProvider } from '@spillway/core/component-provider';

/** OpenTelemetry's exporter to the console. */
export const consoleExporter: ComponentProvider<'LogRecordExporter'> = defineComponentProvider({
  type: 'LogRecordExporter',
  name: 'console',
  description: 'Writes each record to the standard output, to be read by people.',
  properties: {},
  create: () => new ConsoleLogRecordExporter(),
});
