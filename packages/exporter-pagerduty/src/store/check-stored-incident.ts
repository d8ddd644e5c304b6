import type { PlainValue } from '@spillway/core';

import { PAGERDUTY_SEVERITIES } from '../events/severity-of.ts';
import { MAX_SAMPLES } from '../incidents/incident-evidence.ts';
import type { RecordSample } from '../incidents/record-sample.ts';
import type { StoredIncident } from './incident-store.ts';
import { StoredFields } from './stored-fields.ts';

const STATES: readonly StoredIncident['state'][] = ['pending', 'open', 'resolving'];
const ROUTES: readonly StoredIncident['route'][] = ['primary', 'fallback'];

/**
 * Reads an incident that comes from outside.
 * @throws what names the field that is wrong; a sample that is wrong is left out, because the page is worth more
 */
export function checkStoredIncident(name: string, value: unknown): StoredIncident {
  const fields = new StoredFields(name, value);
  return {
    dedupKey: fields.identity('dedupKey'),
    rule: fields.identity('rule'),
    severity: fields.choice('severity', PAGERDUTY_SEVERITIES),
    summary: fields.text('summary'),
    source: fields.text('source'),
    ...fields.optionalText('component'),
    ...fields.optionalText('group'),
    ...fields.optionalText('class'),
    keyText: fields.uncutText('keyText'),
    state: fields.choice('state', STATES),
    route: fields.choice('route', ROUTES),
    dueMillis: fields.number('dueMillis'),
    openedMillis: fields.number('openedMillis'),
    firstSeenMillis: fields.number('firstSeenMillis'),
    lastSeenMillis: fields.number('lastSeenMillis'),
    lastSentMillis: fields.number('lastSentMillis'),
    ...(fields.get('resolvedMillis') !== undefined && { resolvedMillis: fields.number('resolvedMillis') }),
    count: fields.number('count', 0),
    countSent: fields.number('countSent', 0),
    samples: fields.list('samples').items.flatMap(checkSample).slice(0, MAX_SAMPLES),
    services: fields.texts('services'),
    instances: fields.texts('instances'),
    ...(fields.get('tally') !== undefined && { tally: fields.counts('tally') }),
    recentOpens: fields.numbers('recentOpens'),
  };
}

/** The sample, or nothing where it is none. */
function checkSample(value: unknown): RecordSample[] {
  try {
    const fields = new StoredFields('sample', value);
    const sample: RecordSample = {
      timeMillis: fields.number('timeMillis'),
      severityNumber: fields.number('severityNumber'),
      ...fields.optionalText('eventName'),
      ...bodyOf(fields),
      ...attributesOf(fields),
      ...fields.optionalText('scope'),
      ...fields.optionalText('traceId'),
      ...fields.optionalText('spanId'),
    };
    return [sample];
  } catch {
    return [];
  }
}

function bodyOf(fields: StoredFields): Pick<RecordSample, 'body'> {
  const body = fields.plainValue('body');
  return body === undefined ? {} : { body };
}

function attributesOf(fields: StoredFields): Pick<RecordSample, 'attributes'> {
  if (fields.get('attributes') === undefined) return {};
  const value = fields.plainValue('attributes');
  if (!isMap(value)) throw new TypeError('the attributes are no object');
  return { attributes: value };
}

function isMap(value: PlainValue | undefined): value is { [key: string]: PlainValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
