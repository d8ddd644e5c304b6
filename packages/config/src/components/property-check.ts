import type { ComponentProperties, ComponentType, ComponentTypes } from '@spillway/core/component-provider';

import type { MistakeList } from '../mistakes/mistake-list.ts';
import { type NodePath, readPathText, valueAt } from '../mistakes/node-path.ts';
import { redactMessage } from '../mistakes/redaction.ts';
import type { ComponentNode } from './component-node.ts';
import { plainCopy } from './plain-copy.ts';
import { secretsOf } from './secret-values.ts';

const NAME = /`([^`]+)`/;

/** Components that do nothing, in the places of those that are not made. */
const STAND_INS: { readonly [Type in ComponentType]: () => ComponentTypes[Type] } = {
  LogRecordProcessor: () => ({ onEmit() {}, async forceFlush() {}, async shutdown() {} }),
  LogRecordExporter: () => ({ export() {}, async forceFlush() {}, async shutdown() {} }),
};

/** Tells what a component has against properties that fit their schema. */
export function checkProperties(node: ComponentNode, mistakes: MistakeList): void {
  const { provider, content } = node;
  if (provider.checkProperties === undefined) return;
  try {
    const standIns = content.places.map(({ type, path }) => ({ place: path, component: STAND_INS[type]() }));
    provider.checkProperties(withComponents(content.properties, standIns));
  } catch (error) {
    tellError(node, error, mistakes);
  }
}

/** A component in its place in properties. */
export interface PlacedComponent {
  readonly place: NodePath;
  readonly component: unknown;
}

/** Properties with components in their places. */
export function withComponents(
  properties: ComponentProperties,
  components: readonly PlacedComponent[],
): ComponentProperties {
  const placed = new Map(components.map(({ place, component }) => [JSON.stringify(place), { value: component }]));
  return plainCopy(properties, (at) => placed.get(JSON.stringify(at))) as ComponentProperties;
}

/** An error of a component as a mistake: about the property that it names first, where there is one of that name. */
export function tellError({ path, provider, content }: ComponentNode, error: unknown, mistakes: MistakeList): void {
  const thrown = error instanceof Error ? error.message : `it threw ${typeof error}`;
  const message = redactMessage(thrown, secretsOf(content.properties, provider.schema));
  const [quoted = '', name = ''] = NAME.exec(message) ?? [];
  const place = readPathText(name);
  if (isProperty(place, { path, provider, content })) {
    const full = [...path, ...place];
    return mistakes.say(
      full,
      message.replace(quoted, () => `\`${mistakes.nameOf(full)}\``),
      'value',
    );
  }
  mistakes.say(path, `\`${mistakes.nameOf(path)}\`: ${message}`);
}

function isProperty([first, ...rest]: NodePath, { provider, content }: ComponentNode): boolean {
  if (first === undefined) return false;
  const isKnown = valueAt(provider.schema, ['properties', first]) !== undefined;
  return isKnown || valueAt(content.properties, [first, ...rest]) !== undefined;
}
