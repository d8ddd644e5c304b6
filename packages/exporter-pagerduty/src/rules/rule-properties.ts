import {
  bySeverity,
  choice,
  group,
  integer,
  list,
  milliseconds,
  number,
  type Properties,
  type Property,
  recordConditions,
  recordField,
  required,
  text,
} from '@spillway/core/component-provider';

import { PAGERDUTY_SEVERITIES } from '../events/severity-of.ts';
import { MAX_FIELDS } from './resolve-key.ts';
import { DEFAULTS, MAX_THRESHOLD, MINUTE } from './resolve-rule.ts';
import { MAX_RULES } from './resolve-rules.ts';

const PLAIN_NAME = '^[A-Za-z0-9_.-]{1,64}$';

/** One for all records, or a table. */
function severity(): Property {
  const one = choice("PagerDuty's severity.", PAGERDUTY_SEVERITIES);
  const several = bySeverity('By the severity of the record.', one);
  return {
    schema: {
      oneOf: [one.schema, several.schema],
      description:
        "PagerDuty's severity of its incidents: one for all, or by the severity of the record, such as `{ error: warning }`. fatal is critical, error error, warn warning, the others info where it says nothing.",
    },
    ...(several.properties !== undefined && { properties: several.properties }),
    toOption: (value, field) => (typeof value === 'string' ? value : several.toOption?.(value, field)),
  };
}

function key(): Property {
  const fields = list(
    'What makes records one incident, besides rule and fingerprint. Service, environment and kind of the problem where it is left out.',
    recordField('A part of the record.'),
  );
  return { ...fields, schema: { ...fields.schema, maxItems: MAX_FIELDS } };
}

const RULE: Properties = {
  name: required(
    text("Name of the rule: part of the incident's key, so that a new name is a new incident.", {
      pattern: PLAIN_NAME,
    }),
  ),
  type: choice(
    '`alert` pages; `change` is shown beside incidents, wakes nobody, and has only `name` and `when`.',
    ['alert', 'change'],
    {
      default: 'alert',
    },
  ),
  when: required(recordConditions('Which records it is about: those that meet one of the conditions.')),
  severity: severity(),
  key: key(),
  fingerprint: text(
    'Which records of a rule are one incident: by the exception or the body (`auto`), the key alone (`none`), or `attributes.<key>`.',
    { pattern: '^(auto|none|attributes\\..+)$', default: 'auto' },
  ),
  threshold: integer('Records within `threshold_window` that it takes to page.', {
    min: 1,
    max: MAX_THRESHOLD,
    default: DEFAULTS.threshold,
  }),
  threshold_window: milliseconds('Time within which they have to come, in milliseconds.', {
    min: 1,
    default: DEFAULTS.thresholdWindowMillis,
    option: 'thresholdWindowMillis',
  }),
  group_wait: milliseconds(
    'How long a page that is due waits for more records, so that it tells how many there are, in milliseconds.',
    { default: DEFAULTS.groupWaitMillis, option: 'groupWaitMillis' },
  ),
  update_interval: milliseconds('Shortest time between two updates of an open incident, in milliseconds.', {
    min: 1000,
    default: DEFAULTS.updateIntervalMillis,
    option: 'updateIntervalMillis',
  }),
  repeat_interval: milliseconds(
    'After this time without a record, in milliseconds, an incident is forgotten: the next record triggers it again.',
    { min: MINUTE, default: DEFAULTS.repeatIntervalMillis, option: 'repeatIntervalMillis' },
  ),
  resolve_after: number(
    'Resolves the incident when no record has come for so long, in milliseconds. Whoever was woken resolves it where it is left out.',
    { min: 1000, option: 'resolveAfterMillis' },
  ),
  resolve_when: recordConditions(
    'Records that resolve the incidents of this rule with the same key: those that meet one of the conditions.',
  ),
  min_open: milliseconds('An incident stays open for at least so long, in milliseconds.', {
    default: DEFAULTS.minOpenMillis,
    option: 'minOpenMillis',
  }),
  component: recordField('Part of the system that is broken.', { default: 'scope' }),
  group: recordField('Cluster of sources.', { default: 'resource.service.name' }),
  class: recordField('Kind of the problem. The event name, or the type of the exception, where it is left out.'),
};

const rules = list(
  'Which records page, and which are changes. One rule, `fatal`, for records of fatal, where it is left out.',
  group('Records that page, or that are changes.', RULE),
  { minItems: 1 },
);

/** Which records page, and which are changes. */
export const rulesProperty: Property = { ...rules, schema: { ...rules.schema, maxItems: MAX_RULES } };
