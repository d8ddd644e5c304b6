/** Something that is wrong in a configuration, and where. */
export interface ConfigurationMistake {
  /** The file, where there is one. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  /** Where it is in the configuration, such as `logger_provider.processors[0].hybrid`; empty for the whole of it. */
  readonly path: string;
  /** What is wrong, in a sentence that names the place, and never a secret. */
  readonly message: string;
}

/** Mistakes that messages show; the error has them all. */
const MAX_SHOWN = 50;

/** Thrown where a configuration is wrong: it has all its mistakes, not only the first. */
export class ConfigurationError extends Error {
  readonly mistakes: readonly ConfigurationMistake[];

  /** @param mistakes in any order; those of a file are put in the order of the file */
  constructor(mistakes: readonly ConfigurationMistake[], options?: ErrorOptions) {
    const inOrder = sortMistakes(mistakes);
    super(messageOf(inOrder), options);
    this.name = 'ConfigurationError';
    this.mistakes = inOrder;
  }
}

/** In the order of their file. */
export function sortMistakes(mistakes: readonly ConfigurationMistake[]): readonly ConfigurationMistake[] {
  return mistakes.toSorted(
    (one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0),
  );
}

/** A mistake on one line, as editors and terminals find the place: `spillway.yaml:7:9: Expected ...`. */
export function mistakeText({ file, line, column, message }: ConfigurationMistake): string {
  return (
    [file, line, column].filter((part) => part !== undefined).join(':') + (file === undefined ? '' : ': ') + message
  );
}

function messageOf(mistakes: readonly ConfigurationMistake[]): string {
  const count = mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`;
  const lines = mistakes.slice(0, MAX_SHOWN).map((mistake) => `  ${mistakeText(mistake)}`);
  const rest = mistakes.length - lines.length;
  return [`The configuration has ${count}:`, ...lines, ...(rest > 0 ? [`  and ${rest} more`] : [])].join('\n');
}
