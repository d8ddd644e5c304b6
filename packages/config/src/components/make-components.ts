import { callSafely } from '@spillway/core';
import type { ComponentContext, ComponentType } from '@spillway/core/component-provider';

import type { MistakeList } from '../mistakes/mistake-list.ts';
import type { NodePath } from '../mistakes/node-path.ts';
import type { ComponentNode, NodeContent } from './component-node.ts';
import { type PlacedComponent, tellError, withComponents } from './property-check.ts';

/** A component that was made. */
export interface MadeComponent {
  readonly component: unknown;
  readonly type: ComponentType;
  readonly name: string;
  readonly path: NodePath;
}

const METHODS: Readonly<Record<ComponentType, readonly string[]>> = {
  LogRecordProcessor: ['onEmit', 'forceFlush', 'shutdown'],
  LogRecordExporter: ['export', 'forceFlush', 'shutdown'],
};

/** Makes the components of a configuration, and remembers them: what was made must be shut down where others fail. */
export class ComponentMaker {
  /** In the order in which they were made: each after the components in it. */
  readonly made: MadeComponent[] = [];
  readonly #context: ComponentContext;
  readonly #mistakes: MistakeList;

  constructor(context: ComponentContext, mistakes: MistakeList) {
    this.#context = context;
    this.#mistakes = mistakes;
  }

  /** The properties with a component in each place; undefined where one cannot be made. All others are made all the same. */
  makeContent({ properties, children }: NodeContent): NodeContent['properties'] | undefined {
    const components = children.flatMap(({ place, node }): PlacedComponent[] => {
      const component = this.#make(node);
      return component === undefined ? [] : [{ place, component }];
    });
    return components.length < children.length ? undefined : withComponents(properties, components);
  }

  /** Shuts down all that was made, the outer ones first. What that comes to is nobody's concern any more. */
  discard(): void {
    for (const { component } of this.made.toReversed()) {
      callSafely(
        () => (component as { shutdown(): unknown }).shutdown(),
        () => {},
      );
    }
  }

  #make(node: ComponentNode): unknown {
    const { provider, path, content } = node;
    const properties = this.makeContent(content);
    if (properties === undefined) return undefined;
    try {
      const component: unknown = provider.createComponent(properties, this.#context);
      checkComponent(component, provider.type, provider.name);
      this.made.push({ component, type: provider.type, name: provider.name, path });
      return component;
    } catch (error) {
      tellError(node, error, this.#mistakes);
      return undefined;
    }
  }
}

function checkComponent(component: unknown, type: ComponentType, name: string): void {
  const isObject = typeof component === 'object' && component !== null;
  const missing = METHODS[type].find((method) => !isObject || typeof Reflect.get(component, method) !== 'function');
  if (missing === undefined) return;
  throw new TypeError(`What the provider of ${JSON.stringify(name)} has made is no ${type}: it has no ${missing}().`);
}
