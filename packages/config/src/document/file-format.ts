import type { MistakeList } from '../mistakes/mistake-list.ts';

const VERSION = /^1(?:\.\d+)?(?:-.*)?$/;
const PATH = ['file_format'];

/** Files of another major version are another language. A newer minor version is one that the library warns of. */
export function checkFileFormat(value: unknown, mistakes: MistakeList): void {
  if (value === undefined || value === null) return mistakes.missing(PATH, 'Write `file_format: "1.1"`.');
  if (typeof value === 'string' && VERSION.test(value)) return;
  const hint = typeof value === 'number' ? 'Put it in quotes.' : undefined;
  mistakes.expected(PATH, { rule: 'a version of the file format, "1.0" or "1.1"', value, hint });
}
