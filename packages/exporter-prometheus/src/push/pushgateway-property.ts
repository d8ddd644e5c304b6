import {
  flag,
  group,
  milliseconds,
  type Properties,
  type Property,
  property,
  required,
  table,
  text,
} from '@spillway/core/component-provider';
import { requestHeaderProperties } from '@spillway/delivery/component-properties';

import { DEFAULT_INTERVAL_MILLIS, DEFAULT_TIMEOUT_MILLIS } from './pushgateway-options.ts';

const PUSHGATEWAY: Properties = {
  endpoint: required(
    text("The Pushgateway's address, also with a path before its own. Without user, password and query.", {
      option: 'url',
    }),
  ),
  job: required(text('What pushes, such as the name of the service: the first label of the group.')),
  grouping: table(
    'Further labels of the group. A push replaces all of its group, so processes that run at the same time must differ here, such as in `instance`.',
    property({ type: 'string' }, 'Value of the label.'),
  ),
  interval: milliseconds('Time between two pushes, in milliseconds.', {
    min: 1,
    default: DEFAULT_INTERVAL_MILLIS,
    option: 'intervalMillis',
  }),
  timeout: milliseconds('Total time for one request and its answer, in milliseconds.', {
    min: 1,
    default: DEFAULT_TIMEOUT_MILLIS,
    option: 'timeoutMillis',
  }),
  delete_on_shutdown: flag(
    'Whether a shutdown deletes the group, instead of pushing the last values. A service that goes away wants that; of a batch job it would delete the result.',
    { default: false },
  ),
  ...requestHeaderProperties,
};

/** A Pushgateway that gets the latest state. */
export const pushgatewayProperty: Property = group(
  'A Pushgateway that gets the latest state by an interval and at shutdown: for jobs that end before Prometheus comes by.',
  PUSHGATEWAY,
);
