import { optionMessage } from '@spillway/core';
import type {
  ComponentProperties,
  ComponentProvider,
  ComponentType,
  JsonSchema,
} from '@spillway/core/component-provider';

import type { MistakeList } from '../mistakes/mistake-list.ts';
import { nearestName } from '../mistakes/nearest-name.ts';
import { type NodePath, pathText, valueAt } from '../mistakes/node-path.ts';
import { REDACTED } from '../mistakes/redaction.ts';
import type { ComponentChild, ComponentNode, NodeContent } from './component-node.ts';
import { schemaPlaces } from './component-places.ts';
import type { ComponentRegistry } from './component-registry.ts';
import { strangerText, TYPE_NOUNS } from './component-words.ts';
import { isPlainObject, withoutNulls } from './plain-copy.ts';
import { checkProperties, withComponents } from './property-check.ts';
import { checkBySchema } from './schema-check.ts';

const ANY_PROPERTIES: JsonSchema = { type: 'object' };

/** Reads the components of a configuration, and gathers what is wrong with them. Makes nothing. */
export class ComponentTree {
  readonly #registry: ComponentRegistry;
  readonly #mistakes: MistakeList;

  constructor(registry: ComponentRegistry, mistakes: MistakeList) {
    this.#registry = registry;
    this.#mistakes = mistakes;
  }

  /**
   * Properties that should fit a schema, and the components among them.
   *
   * @param provider is asked as well where they fit it
   */
  readContent(schema: JsonSchema, value: unknown, path: NodePath, provider?: ComponentProvider): NodeContent {
    const before = this.#mistakes.count;
    const { components: places, isNull } = schemaPlaces(schema, value);
    const content = { properties: value as ComponentProperties, places, children: [] };
    checkBySchema(schema, withoutNulls(withoutComponents(content), isNull), path, this.#mistakes);
    if (provider !== undefined && this.#mistakes.count === before) {
      checkProperties({ provider, path, content }, this.#mistakes);
    }
    const children = places.flatMap(({ type, path: place }): ComponentChild[] => {
      const node = this.#readNode(type, valueAt(value, place), [...path, ...place]);
      return node === undefined ? [] : [{ place, node }];
    });
    return { ...content, children };
  }

  /** Undefined where it cannot be made. */
  #readNode(type: ComponentType, value: unknown, path: NodePath): ComponentNode | undefined {
    const name = this.#readName(type, value, path);
    if (name === undefined) return undefined;
    const own = [...path, name];
    const properties = (value as Readonly<Record<string, unknown>>)[name] ?? {};
    const provider = this.#registry.get(type, name);
    if (provider !== undefined) return this.#readComponent(provider, properties, own);
    this.#mistakes.say(own, strangerText(this.#registry, type, name, this.#mistakes.nameOf(own)));
    const meant = this.#registry.get(type, nearestName(name, this.#registry.names(type)) ?? '');
    // Whoever wrote it wants to know of all mistakes below it as well.
    if (meant !== undefined) this.#readComponent(meant, properties, own);
    return undefined;
  }

  #readComponent(provider: ComponentProvider, properties: unknown, path: NodePath): ComponentNode | undefined {
    if (!isPlainObject(properties)) {
      const shown = typeof properties === 'string' ? REDACTED : undefined;
      this.#mistakes.expected(path, {
        rule: `an object with the properties of \`${provider.name}\``,
        value: properties,
        shown,
      });
      return undefined;
    }
    const before = this.#mistakes.count;
    const content = this.readContent(provider.schema ?? ANY_PROPERTIES, properties, path, provider);
    return this.#mistakes.count === before ? { provider, path, content } : undefined;
  }

  #readName(type: ComponentType, value: unknown, path: NodePath): string | undefined {
    const noun = TYPE_NOUNS[type];
    if (typeof value === 'string' && this.#registry.get(type, value) !== undefined) {
      const text = optionMessage(this.#mistakes.nameOf(path), `an object with the name of ${noun} as its key`, value);
      this.#mistakes.say(path, `${text} Write \`${value}:\` instead.`, 'value');
      return undefined;
    }
    if (!isPlainObject(value)) {
      const shown = typeof value === 'string' ? REDACTED : undefined;
      this.#mistakes.expected(path, { rule: `an object with the name of ${noun} as its key`, value, shown });
      return undefined;
    }
    const names = Object.keys(value).filter((key) => value[key] !== undefined);
    if (names.length === 1) return names[0];
    const got = names.map((key) => `\`${pathText([key])}\``).join(', ') || 'none';
    const hint = names.length > 1 ? ' Properties stand below the name, further to the right.' : '';
    this.#mistakes.say(
      path,
      `Expected \`${this.#mistakes.nameOf(path)}\` to have one key, the name of ${noun}, got ${got}.${hint}`,
    );
    return undefined;
  }
}

/** What is in a component is for its own schema. */
function withoutComponents({ properties, places }: NodeContent): ComponentProperties {
  return withComponents(
    properties,
    places.map(({ path }) => ({ place: path, component: {} })),
  );
}
