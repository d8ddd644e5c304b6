import {
  choice,
  flag,
  group,
  integer,
  list,
  number,
  type Properties,
  type Property,
  recordConditions,
  recordField,
  required,
  table,
  text,
} from '@spillway/core/component-provider';

const LABEL: Properties = {
  from: required(recordField('Where the label takes its value from.')),
  as: text('Name of the label. That of its origin where it is left out: `http_route` of `attributes.http.route`.', {
    pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
  }),
  default: text('Value where the record has none. Without it, and without `optional`, such a record is not counted.'),
  optional: flag(
    'Whether a record without a value is counted in a series without this label. Not together with `default`.',
    { default: false },
  ),
  values: list('The only values there may be: each other one becomes `other`.', text('A value.'), { minItems: 1 }),
};

const METRIC: Properties = {
  name: required(
    text('Name of the metric. The unit is appended where it does not end in it, and `_total` to that of a counter.', {
      pattern: '^[A-Za-z_:][A-Za-z0-9_:]*$',
    }),
  ),
  type: required(
    choice('Counters only grow, gauges show the present, histograms count values by size.', [
      'counter',
      'gauge',
      'histogram',
    ]),
  ),
  help: required(text('What the metric means, in a sentence; those who query it see it.')),
  unit: text('Unit of the values, in the plural and without prefix, such as `seconds` or `bytes`.', {
    pattern: '^[A-Za-z][A-Za-z0-9_]*$',
  }),
  when: recordConditions('Which records count: those that meet one of the conditions. All where it is left out.'),
  value: text(
    'The number that a record adds, sets or observes: `attributes.<key>`, or `body.bytes`. Counters add 1 where it is left out; others need it.',
    { pattern: '^(body\\.bytes|attributes\\..+)$' },
  ),
  action: choice('Gauges only: whether a record sets the value or adds to it.', ['set', 'add'], { default: 'set' }),
  labels: list('Labels of the metric; a single series without any.', group('A label.', LABEL), { default: [] }),
  buckets: list(
    'Histograms only: upper bounds of the buckets, from 0 on, in rising order. 0.005 to 10 for the unit `seconds`; others need them.',
    number('Upper bound of a bucket.'),
    { minItems: 1 },
  ),
  max_series: integer('Series of this metric at once.', { min: 1, max: 1_000_000, default: 1000 }),
  overflow: choice(
    'Records beyond `max_series` count in one more series, by which totals stay exact, or not at all. `drop` by default for gauges that are set.',
    ['series', 'drop'],
  ),
  idle_timeout: number(
    'Gauges only: a series that no record has changed for this long, in milliseconds, ends. It stays where it is left out.',
    { min: 1, option: 'idleTimeoutMillis' },
  ),
  exemplars: flag(
    'Counters and histograms only: whether a series names the trace of the last record of one. They do by default.',
  ),
  init: list(
    'Label sets that exist from the start, with the value 0. Each names all labels but optional ones.',
    table('Values of the labels, by their names.', text('Value of a label.')),
  ),
};

/** The metrics that records are counted in. */
export const metricsProperty: Property = list(
  'The metrics that records are counted in. `log_records_total`, by severity and scope, and `log_record_bytes_total` where it is left out.',
  group('A metric, and how records count in it.', METRIC),
  { minItems: 1 },
);
