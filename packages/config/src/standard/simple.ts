import { SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import {
  component,
  type ComponentProvider,
  defineComponentProvider,
  required,
} from '@spillway/core/component-provider';

type Options = ConstructorParameters<typeof SimpleLogRecordProcessor>[0];

/** OpenTelemetry's processor without a queue. */
export const simple: ComponentProvider<'LogRecordProcessor'> = defineComponentProvider({
  type: 'LogRecordProcessor',
  name: 'simple',
  description: 'Exports each record alone and at once: for the console and for tests.',
  properties: { exporter: required(component('LogRecordExporter', 'Where the records go.')) },
  create: (options: Options) => new SimpleLogRecordProcessor(options),
});
