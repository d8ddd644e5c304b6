import { isJsonObject, type JsonObject } from './event-body.ts';
import {
  anyObject,
  anyText,
  type CharacterUnit,
  type Check,
  checkFields,
  type Fields,
  listOf,
  objectWith,
  oneOf,
  orEmpty,
  textUpTo,
  unknownNames,
  webUrl,
} from './field-checks.ts';
import { timestamp } from './timestamp.ts';

const MAX_SUMMARY_CHARACTERS = 1024;
const MAX_DEDUP_KEY_CHARACTERS = 255;
const ROUTING_KEY_CHARACTERS = 32;

const anyUrl = webUrl('https:', 'http:');
const LINKS = listOf(objectWith({ href: { check: anyUrl, isRequired: true }, text: { check: anyText } }));
const IMAGES = listOf(
  objectWith({
    src: { check: webUrl('https:'), isRequired: true },
    href: { check: orEmpty(anyUrl) },
    alt: { check: anyText },
  }),
);
const EVENT_ACTION = oneOf('trigger', 'acknowledge', 'resolve');
const SEVERITY = oneOf('critical', 'warning', 'error', 'info');

const routingKey: Check = (value, name) => {
  if (typeof value !== 'string') return anyText(value, name);
  const errors: string[] = [];
  if (value.length !== ROUTING_KEY_CHARACTERS) {
    errors.push(`Length of '${name}' is incorrect (should be ${ROUTING_KEY_CHARACTERS} characters)`);
  }
  if (/[^0-9A-Za-z]/.test(value)) errors.push(`'${name}' cannot contain non-alphanumeric characters.`);
  return errors;
};

/** The key of a service. Those of rulesets take no change events. */
const serviceKey: Check = (value, name) =>
  typeof value === 'string' && value.startsWith('R')
    ? [`'${name}' belongs to a ruleset, which takes no change events`]
    : routingKey(value, name);

/** What is wrong with an event, and which of its fields the API does not know. Nothing wrong: it is what it should be. */
export interface EventReport {
  readonly errors: readonly string[];
  readonly unknownFields: readonly string[];
}

export function checkAlertEvent(event: JsonObject, unit: CharacterUnit): EventReport {
  const isTrigger = event['event_action'] === 'trigger';
  const payload: Fields = {
    summary: { check: textUpTo(MAX_SUMMARY_CHARACTERS, unit), isRequired: isTrigger },
    source: { check: anyText, isRequired: isTrigger },
    severity: { check: SEVERITY, isRequired: isTrigger },
    timestamp: { check: timestamp },
    component: { check: anyText },
    group: { check: anyText },
    class: { check: anyText },
    custom_details: { check: anyObject },
  };
  const fields: Fields = {
    routing_key: { check: routingKey, isRequired: true },
    event_action: { check: EVENT_ACTION, isRequired: true },
    dedup_key: { check: textUpTo(MAX_DEDUP_KEY_CHARACTERS, unit), isRequired: !isTrigger },
    payload: { check: objectWith(payload), isRequired: isTrigger },
    images: { check: IMAGES },
    links: { check: LINKS },
    client: { check: anyText },
    client_url: { check: orEmpty(anyUrl) },
  };
  return report(event, fields, payload);
}

export function checkChangeEvent(event: JsonObject, unit: CharacterUnit): EventReport {
  const payload: Fields = {
    summary: { check: textUpTo(MAX_SUMMARY_CHARACTERS, unit), isRequired: true },
    source: { check: anyText },
    timestamp: { check: timestamp },
    custom_details: { check: anyObject },
  };
  const fields: Fields = {
    routing_key: { check: serviceKey, isRequired: true },
    payload: { check: objectWith(payload), isRequired: true },
    links: { check: LINKS },
  };
  return report(event, fields, payload);
}

function report(event: JsonObject, fields: Fields, payloadFields: Fields): EventReport {
  const payload = event['payload'];
  const unknownInPayload = isJsonObject(payload) ? unknownNames(payload, payloadFields, 'payload.') : [];
  return {
    errors: checkFields(event, fields),
    unknownFields: [...unknownNames(event, fields), ...unknownInPayload],
  };
}
