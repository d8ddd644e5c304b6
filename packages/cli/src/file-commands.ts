import {
  ConfigurationError,
  configurationSchema,
  findMistakes,
  loadComponents,
  mistakeText,
  redactedConfiguration,
} from '@spillway/config';
import type { ComponentProvider } from '@spillway/core/component-provider';
import { stringify } from 'yaml';

import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** What the commands about files are given. */
export interface FileCommand {
  readonly file: string;
  /** Modules with component providers of others. */
  readonly components: readonly string[];
}

/** Tells every mistake in a file. Answers with the exit code. */
export function validate({ file, components }: FileCommand, { out }: Terminal): number {
  const mistakes = findMistakes(file, { components: componentsOf(components) });
  for (const mistake of mistakes) out.write(`${mistakeText(mistake)}\n`);
  if (mistakes.length === 0) out.write(`${file}: no mistakes\n`);
  return mistakes.length === 0 ? 0 : 1;
}

/** Prints a file as it is understood. Answers with the exit code. */
export function print({ file, components }: FileCommand, { out, err }: Terminal): number {
  try {
    const configuration = redactedConfiguration(file, { components: componentsOf(components) });
    out.write(stringify(configuration, { lineWidth: 0 }));
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    for (const mistake of error.mistakes) err.write(`${mistakeText(mistake)}\n`);
    return 1;
  }
}

/** Prints the JSON schema of files. Answers with the exit code. */
export function schema(components: readonly string[], { out }: Terminal): number {
  const made = configurationSchema(componentsOf(components));
  out.write(`${JSON.stringify(made, undefined, 2)}\n`);
  return 0;
}

/** @throws UsageError where a module cannot be loaded, or has no provider */
function componentsOf(modules: readonly string[]): readonly ComponentProvider[] {
  try {
    return loadComponents(modules);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new UsageError(error.mistakes.map((mistake) => mistakeText(mistake)).join('\n'), { cause: error });
  }
}
