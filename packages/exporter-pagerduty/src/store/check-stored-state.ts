import { excerpt } from '@spillway/core';

import { checkStoredIncident } from './check-stored-incident.ts';
import type { StoredIncident, StoredState } from './incident-store.ts';
import { MAX_STORED_ENTRIES, StoredFields } from './stored-fields.ts';

const SCHEMA = 1;
const MAX_REASON_CHARACTERS = 200;

/** What a store had, and what was wrong with it. Both are undefined where it had nothing. */
export interface CheckedState {
  /** Undefined of what is no state at all. Shares nothing with what was checked. */
  readonly state: StoredState | undefined;
  /** Names the fields that are wrong; undefined where all is right. */
  readonly problem: string | undefined;
}

/**
 * Reads a state that comes from outside. What has another schema or no instance is no state. An incident that is not valid is
 * left out, and costs its neighbours nothing. Lists and texts beyond their bounds are cut, unknown fields are left out.
 * Pure, and never throws, whatever the value.
 *
 * | what | bound |
 * |---|---|
 * | incidents; entries of a list or map in one | the first 1,000 |
 * | samples of an incident | the first 5 |
 * | `instanceId`, `dedupKey`, `rule` | 1 to 255 characters, or not valid |
 * | `keyText` | 8,192 characters, or not valid |
 * | other texts, those in samples too | cut to 8,192 characters |
 * | times and counts | finite; counts 0 and up |
 */
export function checkStoredState(value: unknown): CheckedState {
  if (value === undefined || value === null) return { state: undefined, problem: undefined };
  try {
    const fields = new StoredFields('state', value);
    if (fields.get('schema') !== SCHEMA) throw new Error(`its schema is not ${SCHEMA}`);
    const instanceId = fields.identity('instanceId');
    const { incidents, problem } = checkIncidents(fields);
    const routingKeyHashes = checkHashes(fields);
    return { state: { schema: SCHEMA, instanceId, ...routingKeyHashes, incidents }, problem };
  } catch (error) {
    return { state: undefined, problem: `it is no state of incidents: ${reasonOf(error)}` };
  }
}

function checkHashes(fields: StoredFields): Pick<StoredState, 'routingKeyHashes'> {
  const value = fields.get('routingKeyHashes');
  if (value === undefined) return {};
  const hashes = new StoredFields('routingKeyHashes', value);
  return { routingKeyHashes: { ...hashes.optionalText('primary'), ...hashes.optionalText('fallback') } };
}

function checkIncidents(fields: StoredFields): { incidents: StoredIncident[]; problem: string | undefined } {
  const { items, length } = fields.list('incidents');
  const incidents: StoredIncident[] = [];
  let reason = `there are more than ${MAX_STORED_ENTRIES}`;
  for (const [index, item] of items.entries()) {
    try {
      incidents.push(checkStoredIncident(`incidents[${index}]`, item));
    } catch (error) {
      // The first one tells enough.
      if (incidents.length === index) reason = reasonOf(error);
    }
  }
  const leftOut = length - incidents.length;
  return {
    incidents,
    problem: leftOut === 0 ? undefined : `${leftOut} of ${length} incidents are left out: ${reason}`,
  };
}

/** What was thrown may come from a getter or a proxy of the application. */
function reasonOf(error: unknown): string {
  try {
    return excerpt((error as Error).message, MAX_REASON_CHARACTERS);
  } catch {
    return 'it cannot be read';
  }
}
