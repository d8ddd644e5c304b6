import type { ComponentType } from '@spillway/core/component-provider';

import { nearestName } from '../mistakes/nearest-name.ts';
import { COMPONENT_TYPES, type ComponentRegistry } from './component-registry.ts';

export const TYPE_NOUNS: Readonly<Record<ComponentType, string>> = {
  LogRecordProcessor: 'a processor',
  LogRecordExporter: 'an exporter',
};

/** Where a component belongs that stands in the place of one of another type. */
const WHERE: Readonly<Record<ComponentType, string>> = {
  LogRecordExporter: 'put it inside `hybrid`, `batch` or `simple` as `exporter`',
  LogRecordProcessor: 'it stands in the list of `processors`, or inside another processor as `delegate`',
};

/** Names of OpenTelemetry's data model that its implementation in JavaScript does not have. */
const MISSING_IN_JS: ReadonlySet<string> = new Set(['otlp_file/development', 'event_to_span_event_bridge/development']);

/** What to say of a name that no component of its type has. */
export function strangerText(registry: ComponentRegistry, type: ComponentType, name: string, place: string): string {
  if (MISSING_IN_JS.has(name)) {
    return `Expected \`${place}\` to be another component: OpenTelemetry for JavaScript has no \`${name}\`.`;
  }
  const other = COMPONENT_TYPES.find((known) => known !== type && registry.get(known, name) !== undefined);
  if (other !== undefined) {
    return `Expected \`${place}\` to be ${TYPE_NOUNS[type]}, but \`${name}\` is ${TYPE_NOUNS[other]}: ${WHERE[other]}.`;
  }
  const names = registry.names(type);
  const nearest = nearestName(name, names);
  const known = names.map((candidate) => `\`${candidate}\``).join(', ');
  const hint = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
  return `Expected \`${place}\` to be ${TYPE_NOUNS[type]}: ${known}.${hint}`;
}
