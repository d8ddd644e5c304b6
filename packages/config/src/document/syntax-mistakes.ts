import { isScalar, type Document, isAlias, visit, type YAMLError } from 'yaml';

import type { ConfigurationMistake } from '../mistakes/configuration-error.ts';
import type { FileOrigin } from './file-origin.ts';

const LOST = 'UNEXPECTED_TOKEN';

/** The parser's words where they need YAML's specification beside them. */
const WORDS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this key is there twice',
  TAB_AS_INDENT: 'a tab indents here: YAML takes spaces only',
  MULTIPLE_DOCS: 'a second document begins here: a configuration is one',
};

/** Everything that keeps a file from being YAML. */
export function syntaxMistakes(origin: FileOrigin): readonly ConfigurationMistake[] {
  const { document } = origin;
  const { errors } = document;
  // Once the parser is lost, every further token surprises it.
  const lost = errors.findIndex(({ code }) => code === LOST);
  const told = errors.filter(({ code }, index) => code !== LOST || index === lost);
  const found = told.map((error) => mistake(origin, error.pos[0], wordsOf(error, origin.text)));
  return found.length > 0 ? found : aliasMistakes(origin, document);
}

function wordsOf({ code, message, pos: [offset] }: YAMLError, text: string): string {
  if (code === LOST && text.startsWith('${', offset - 1))
    return 'a reference such as ${NAME} needs quotes within { } and [ ]';
  return WORDS[code] ?? message;
}

/** Names that nothing has: the parser only tells of them when it makes values. */
function aliasMistakes(origin: FileOrigin, document: Document.Parsed): readonly ConfigurationMistake[] {
  const mistakes: ConfigurationMistake[] = [];
  visit(document, (_key, node) => {
    if (!isAlias(node) || node.resolve(document) !== undefined) return;
    mistakes.push(mistake(origin, node.range?.[0] ?? 0, `nothing before this has the anchor \`&${node.source}\``));
  });
  return mistakes;
}

function mistake(origin: FileOrigin, offset: number, words: string): ConfigurationMistake {
  return { ...origin.placeAt(offset), path: '', message: `The file is not valid YAML: ${words.replace(/[.:]$/, '')}.` };
}

/** Whether there is anything in the document. */
export function isEmptyDocument({ contents }: Document.Parsed): boolean {
  return contents === null || (isScalar(contents) && contents.value === null);
}
