import { isMap, parseDocument } from 'yaml';

import { type ConfigurationMistake } from '../mistakes/configuration-error.ts';
import { MODEL_ORIGIN, type Origin } from '../mistakes/origin.ts';
import { FileOrigin } from './file-origin.ts';
import { askLibrary, diagnose } from './library-parser.ts';
import { readText } from './read-text.ts';
import { referenceMistakes } from './reference-mistakes.ts';
import { isEmptyDocument, syntaxMistakes } from './syntax-mistakes.ts';

/** A configuration before anything is known about it. */
export interface LoadedConfiguration {
  readonly origin: Origin;
  /** Undefined where the mistakes leave nothing to look at. */
  readonly model: unknown;
  readonly mistakes: readonly ConfigurationMistake[];
  /** Whether it is what a file has, which must say its format. */
  readonly isFile: boolean;
  /** What OpenTelemetry's library has against the file. */
  readonly complaints?: readonly string[];
}

/** Reads a configuration file; environment variables in it are substituted. Never throws. */
export function loadFile(file: string): LoadedConfiguration {
  const read = readText(file);
  if ('problem' in read)
    return nothing(MODEL_ORIGIN, [{ file, path: '', message: `Expected a configuration file, but ${read.problem}.` }]);
  const origin = new FileOrigin(file, read.text);
  const mistakes = syntaxMistakes(origin);
  if (mistakes.length > 0) return nothing(origin, mistakes);
  if (isEmptyDocument(origin.document))
    return nothing(origin, [{ file, path: '', message: 'Expected a configuration, but the file is empty.' }]);
  const answer = askLibrary(file);
  if ('model' in answer)
    return {
      origin,
      model: { file_format: fileFormat(origin), ...(answer.model as object) },
      mistakes: [],
      isFile: true,
    };
  const { model, complaints, wrongReferences } = diagnose(parseDocument(read.text, { version: '1.2' }));
  return {
    origin,
    model,
    mistakes: wrongReferences.flatMap((reference) => referenceMistakes(origin, reference)),
    isFile: true,
    complaints: [answer.complaint, ...complaints],
  };
}

function nothing(origin: Origin, mistakes: readonly ConfigurationMistake[]): LoadedConfiguration {
  return { origin, model: undefined, mistakes, isFile: true };
}

/** The library takes it out of what it has parsed. */
function fileFormat({ document: { contents } }: FileOrigin): unknown {
  return isMap(contents) ? contents.get('file_format') : undefined;
}
