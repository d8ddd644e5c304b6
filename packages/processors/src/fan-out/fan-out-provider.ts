import {
  component,
  type ComponentProvider,
  defineComponentProvider,
  list,
  type Properties,
  required,
} from '@spillway/core/component-provider';

import { FanOutLogRecordProcessor } from './fan-out-log-record-processor.ts';
import { type FanOutLogRecordProcessorOptions, resolveFanOutOptions } from './fan-out-options.ts';

export const fanOutProperties: Properties = {
  delegates: required(
    list(
      'Where each record goes, in this order. They are flushed and shut down with the fan-out.',
      component('LogRecordProcessor', 'One of the processors that get each record.'),
      { minItems: 1 },
    ),
  ),
  fallback: component(
    'LogRecordProcessor',
    'Gets a record of severity ERROR for each call that went wrong in a delegate, and no others. A way to another backend is best.',
  ),
};

export const fanOutProvider: ComponentProvider<'LogRecordProcessor'> = defineComponentProvider({
  type: 'LogRecordProcessor',
  name: 'fan_out',
  description: 'Hands each record to several processors, none of which can harm another.',
  properties: fanOutProperties,
  create: (options: FanOutLogRecordProcessorOptions) => new FanOutLogRecordProcessor(options),
  check: (options) => void resolveFanOutOptions(options),
});
