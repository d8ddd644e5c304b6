import type { ComponentProperties, ComponentProvider } from '@spillway/core/component-provider';

import type { NodePath } from '../mistakes/node-path.ts';
import type { ComponentPlace } from './component-places.ts';

/** A component that a configuration asks for. */
export interface ComponentNode {
  readonly provider: ComponentProvider;
  readonly path: NodePath;
  readonly content: NodeContent;
}

/** Properties, and the components among them. */
export interface NodeContent {
  /** As the configuration has them. */
  readonly properties: ComponentProperties;
  /** Where components stand. */
  readonly places: readonly ComponentPlace[];
  /** Those that can be made. */
  readonly children: readonly ComponentChild[];
}

export interface ComponentChild {
  /** Where it stands in the properties. */
  readonly place: NodePath;
  readonly node: ComponentNode;
}
