import type { ComponentProvider } from '@spillway/core/component-provider';

import { ConfigurationError, type ConfigurationMistake } from './mistakes/configuration-error.ts';

const { createRequire } = process.getBuiltinModule('node:module');
const path = process.getBuiltinModule('node:path');

/**
 * The component providers that modules export, alone or in lists, under whatever names. CommonJS and ES modules alike are
 * loaded synchronously.
 *
 * @param modules paths, or names of packages, as they are found from the working directory
 * @throws ConfigurationError with all modules that cannot be loaded or have no provider
 */
export function loadComponents(modules: readonly string[]): readonly ComponentProvider[] {
  const require = createRequire(path.resolve('package.json'));
  const components = new Set<ComponentProvider>();
  const mistakes: ConfigurationMistake[] = [];
  for (const module of modules) {
    const loaded = providersOf(module, require);
    if (typeof loaded === 'string') mistakes.push({ path: '', message: loaded });
    else for (const provider of loaded) components.add(provider);
  }
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  return [...components];
}

/** The providers of a module, or what is wrong with it. */
function providersOf(module: string, require: NodeJS.Require): readonly ComponentProvider[] | string {
  let file: string;
  try {
    file = require.resolve(module);
  } catch (error) {
    return `Expected \`${module}\` to be a module that is found from ${process.cwd()}: ${reasonOf(error)}.`;
  }
  try {
    const providers = exportsOf(require(file)).filter((value) => isProvider(value));
    if (providers.length > 0) return providers;
    const rule = 'a module that exports component providers: objects with `type`, `name` and `createComponent`';
    return `Expected \`${module}\` to be ${rule}.`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException | null)?.code !== 'ERR_REQUIRE_ASYNC_MODULE')
      return `Could not load \`${module}\`: ${reasonOf(error)}.`;
    return `Expected \`${module}\` to be a module without \`await\` at its top level: it is loaded synchronously.`;
  }
}

/** What a module exports, and the items of lists; of CommonJS also what it exports as a whole. */
function exportsOf(exported: unknown): readonly unknown[] {
  return [exported, ...Object.values(exported ?? {})].flat();
}

function isProvider(value: unknown): value is ComponentProvider {
  if (typeof value !== 'object' || value === null) return false;
  const { type, name, createComponent } = value as Partial<ComponentProvider>;
  return typeof type === 'string' && typeof name === 'string' && typeof createComponent === 'function';
}

/** Its first line: below it Node lists the modules that require the one which is missing. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return `it threw ${typeof error}`;
  return error.message.replace(/\n.*$/s, '').replace(/\.$/, '');
}
