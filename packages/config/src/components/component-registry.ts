import { checkFunction, optionMessage } from '@spillway/core';
import type { ComponentProvider, ComponentType } from '@spillway/core/component-provider';

import { checkSchema } from './schema-check.ts';

export const COMPONENT_TYPES = ['LogRecordProcessor', 'LogRecordExporter'] as const;

/** Components that a configuration may name. Type and name together are unique. */
export class ComponentRegistry {
  readonly #providers: Readonly<Record<ComponentType, Map<string, ComponentProvider>>> = {
    LogRecordProcessor: new Map(),
    LogRecordExporter: new Map(),
  };

  /**
   * @param known those of this project
   * @param added those of the application
   * @throws TypeError where one is no provider, or is there already
   */
  constructor(known: readonly ComponentProvider[], added: readonly ComponentProvider[] = []) {
    for (const provider of known) this.#add('components', provider);
    if (!Array.isArray(added)) throw new TypeError(optionMessage('components', 'a list of component providers', added));
    added.forEach((provider: ComponentProvider, index) => {
      checkProvider(`components[${index}]`, provider);
      this.#add(`components[${index}]`, provider);
    });
  }

  get(type: ComponentType, name: string): ComponentProvider | undefined {
    return this.#providers[type].get(name);
  }

  /** Names of all components of a type. */
  names(type: ComponentType): readonly string[] {
    return [...this.#providers[type].keys()];
  }

  all(type: ComponentType): readonly ComponentProvider[] {
    return [...this.#providers[type].values()];
  }

  #add(field: string, provider: ComponentProvider): void {
    const { type, name } = provider;
    const providers = this.#providers[type];
    if (providers.has(name))
      throw new TypeError(optionMessage(`${field}.name`, `a name that no other ${type} has`, name));
    providers.set(name, provider);
  }
}

function checkProvider(field: string, provider: unknown): void {
  if (typeof provider !== 'object' || provider === null) {
    throw new TypeError(optionMessage(field, 'a component provider', provider));
  }
  const { type, name, schema, createComponent, checkProperties } = provider as Partial<ComponentProvider>;
  if (type === undefined || !COMPONENT_TYPES.includes(type)) {
    throw new TypeError(optionMessage(`${field}.type`, `one of "${COMPONENT_TYPES.join('", "')}"`, type));
  }
  if (typeof name !== 'string' || name === '') throw new TypeError(optionMessage(`${field}.name`, 'a name', name));
  checkFunction(`${field}.createComponent`, createComponent, false);
  checkFunction(`${field}.checkProperties`, checkProperties);
  checkOwnSchema(`${field}.schema`, schema);
}

function checkOwnSchema(field: string, schema: unknown): void {
  if (schema === undefined) return;
  const rule = 'a JSON Schema of an object';
  if (typeof schema !== 'object' || schema === null) throw new TypeError(optionMessage(field, rule, schema));
  try {
    checkSchema(schema as Record<string, unknown>);
  } catch (error) {
    throw new TypeError(optionMessage(field, rule, schema), { cause: error });
  }
}
