import {
  flag,
  group,
  integer,
  milliseconds,
  type Properties,
  type Property,
  property,
  required,
  table,
  text,
} from '@spillway/core/component-provider';
import { holdingProperties, requestHeaderProperties } from '@spillway/delivery/component-properties';

import {
  DEFAULT_INTERVAL_MILLIS,
  DEFAULT_MAX_BYTES,
  DEFAULT_MAX_SAMPLES,
  MAX_BYTES,
  MAX_SAMPLES,
  MIN_BYTES,
} from './remote-write-options.ts';

const REMOTE_WRITE: Properties = {
  endpoint: required(
    text('Address of the receiver, such as `http://mimir/api/v1/push`. Without a path it is that of Prometheus.', {
      option: 'url',
    }),
  ),
  labels: table(
    'Labels of every series. Processes that write the same metrics must differ in one of them: `instance` is added, of host name and process id, unless it is given; an empty text leaves it out.',
    property({ type: 'string' }, 'Value of the label.'),
  ),
  interval: milliseconds('Time between two pushes of all series, in milliseconds. Below 5 minutes.', {
    min: 1,
    default: DEFAULT_INTERVAL_MILLIS,
    option: 'intervalMillis',
  }),
  max_samples_per_request: integer('Samples in one request. Lower it where a receiver limits them.', {
    min: 1,
    max: MAX_SAMPLES,
    default: DEFAULT_MAX_SAMPLES,
  }),
  max_request_bytes: integer('Size of one request before compression, in bytes. 1 MiB by default.', {
    min: MIN_BYTES,
    max: MAX_BYTES,
    default: DEFAULT_MAX_BYTES,
  }),
  end_series_on_shutdown: flag(
    'Whether a shutdown ends all series, so that they vanish from queries at once. A service wants that whose next process has other labels.',
    { default: false },
  ),
  ...requestHeaderProperties,
  ...holdingProperties,
};

/** A receiver of remote write. */
export const remoteWriteProperty: Property = group(
  'A receiver of remote write 1.0, such as Prometheus, Mimir, Thanos or VictoriaMetrics: for processes that nobody can scrape.',
  REMOTE_WRITE,
);
