import {
  component,
  flag,
  group,
  integer,
  list,
  type Properties,
  property,
  required,
  severityNumber,
  text,
} from '@spillway/core/component-provider';

const LIMITS: Properties = {
  attribute_value_length_limit: integer('Characters of an attribute that are kept; the default is all of them.'),
  attribute_count_limit: integer('Attributes of a record that are kept.', { default: 128 }),
};

const LOGGER_CONFIG: Properties = {
  enabled: flag('Whether loggers make records.', { default: true }),
  minimum_severity: severityNumber('Lowest severity of which they make records; the default is any.'),
  trace_based: flag('Whether they make no records in traces that are not sampled.', { default: false }),
};

const LOGGER_CONFIGURATOR: Properties = {
  default_config: group('Of loggers that no name fits.', LOGGER_CONFIG),
  loggers: list(
    'By name; the first that fits counts.',
    group('Loggers.', {
      name: required(text('Name of the instrumentation scope; `*` stands for any characters.')),
      config: required(group('Of these loggers.', LOGGER_CONFIG)),
    }),
    { minItems: 1 },
  ),
};

const VALUES = [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }];
/** Types of attributes by the names that OpenTelemetry's data model gives them. */
export const ATTRIBUTE_TYPES = [
  'string',
  'bool',
  'int',
  'double',
  'string_array',
  'bool_array',
  'int_array',
  'double_array',
] as const;

const ATTRIBUTE: Properties = {
  name: required(text('Name of the attribute.')),
  value: property(
    { anyOf: [...VALUES, ...VALUES.map((items) => ({ type: 'array', items, minItems: 1 }))] },
    'Value of the attribute; one that is null or empty leaves it out.',
  ),
  type: property({ type: 'string', enum: ATTRIBUTE_TYPES }, 'Type of the value; the default is what it is written as.'),
};

const NAMES = list('Names; `*` stands for any characters, `?` for one.', text('Name or pattern.'), { minItems: 1 });

const RESOURCE: Properties = {
  attributes: list('What makes the records; goes before all other sources.', group('Attribute.', ATTRIBUTE), {
    minItems: 1,
  }),
  attributes_list: text('The same as `key=value,key=value`, with percent-encoding; `attributes` goes before it.'),
  schema_url: text('Schema of the attributes.'),
  'detection/development': group(
    'What is found out about the process.',
    {
      attributes: group('Detected attributes that are used.', { included: NAMES, excluded: NAMES }),
      detectors: list(
        'In this order; a later one goes before an earlier one.',
        property(
          { type: 'object', minProperties: 1, maxProperties: 1, additionalProperties: { type: ['object', 'null'] } },
          '`host`, `os`, `process`, `service` or `env`, each without properties.',
        ),
        { minItems: 1 },
      ),
    },
    { option: 'detection' },
  ),
};

/** The sections of OpenTelemetry's configuration file that make a logger provider. */
export const SECTIONS: Properties = {
  disabled: flag('Whether nothing is set up.', { default: false }),
  log_level: severityNumber('Lowest severity of diagnostics on the error output, with `@spillway/config/register`.', {
    default: 'warn',
  }),
  attribute_limits: group('Limits of all signals; `logger_provider.limits` goes before it.', LIMITS),
  logger_provider: group('What becomes of log records.', {
    processors: required(
      list('Each gets every record.', component('LogRecordProcessor', 'A processor by its name.'), { minItems: 1 }),
    ),
    limits: group('Of records.', LIMITS),
    'logger_configurator/development': group('Which loggers make records.', LOGGER_CONFIGURATOR, {
      option: 'loggerConfigurator',
    }),
  }),
  resource: group('What makes the records.', RESOURCE),
};

/** Sections of OpenTelemetry's data model that are about something else than logs. */
export const OTHER_SECTIONS: readonly string[] = [
  'tracer_provider',
  'meter_provider',
  'propagator',
  'instrumentation/development',
  'distribution',
];
