import { dirname } from 'node:path';

import { findMistakes, mistakeText, type ReadOptions } from '@spillway/config';

import { textFile } from './text-file.ts';

const KNOWN_NAMES = /(?<=to be (?:a processor|an exporter): )`[^`]+`(?:, `[^`]+`)*/;

/** The mistakes of a file with this text, as they are shown, without the folder, and without the names that are known. */
export function mistakeLines(text: string, options?: ReadOptions): string[] {
  const file = textFile(text);
  return findMistakes(file, options).map((mistake) =>
    mistakeText(mistake)
      .replaceAll(`${dirname(file)}/`, '')
      .replace(KNOWN_NAMES, 'KNOWN'),
  );
}

/** The mistakes of a file with these processors, which begin on line 4 and column 5. */
export function processorMistakes(processors: string, options?: ReadOptions): string[] {
  const lines = processors
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`);
  return mistakeLines(['file_format: "1.1"', 'logger_provider:', '  processors:', ...lines].join('\n'), options);
}
