import { readFileSync } from 'node:fs';

import { expect } from 'vitest';

const OUTPUT = /^```text\n(.*?)^```$/ms;

/**
 * Expects the lines that the README shows as the output, in any order (two streams and records of the same millisecond have
 * none), whatever numbers, ports and IDs are in them. Of a line that ends with an ellipsis only the beginning counts.
 *
 * @param folder of the README
 */
export function expectAsInReadme(lines: readonly string[], folder: URL): void {
  const [, output = ''] = OUTPUT.exec(readFileSync(new URL('README.md', folder), 'utf8')) ?? [];
  const shown = output.split('\n').filter((line) => line !== '');
  const beginnings = shown.filter((line) => line.endsWith('…')).map((line) => inGeneral(line.slice(0, -1)));
  const printed = lines
    .filter((line) => line !== '')
    .map((line) => {
      const general = inGeneral(line);
      const beginning = beginnings.find((text) => general.startsWith(text));
      return beginning === undefined ? general : `${beginning}…`;
    });
  expect(printed.toSorted()).toEqual(shown.map((line) => inGeneral(line)).toSorted());
}

/** Without what differs from run to run. */
function inGeneral(line: string): string {
  return line
    .replaceAll(/\b[0-9a-f]{16,}\b/g, 'ID')
    .replaceAll(/\d+(?:\.\d+)?/g, '0')
    .replaceAll(/ +/g, ' ');
}
