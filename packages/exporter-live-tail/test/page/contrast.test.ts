import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

const STYLE = await readFile(new URL('../../page/src/style.css', import.meta.url), 'utf8');
const DARK = colours(STYLE.slice(0, STYLE.indexOf('@media')));
const LIGHT = colours(STYLE.slice(STYLE.indexOf('(prefers-color-scheme: light)')));

/** What stands on what: names of colours in the style. */
const PAIRS: readonly (readonly [text: string, backs: readonly string[]])[] = [
  ['text', ['back', 'raised', 'selected', 'hover', 'error-back']],
  ['dim', ['back', 'raised', 'selected', 'hover', 'error-back']],
  ['accent', ['back', 'raised', 'selected']],
  ['debug', ['debug-back', 'raised']],
  ['info', ['info-back', 'raised']],
  ['warn', ['back', 'raised', 'selected', 'hover', 'gap-back']],
  ['error', ['back', 'raised', 'selected', 'hover', 'error-back']],
  ['fatal', ['back', 'raised', 'selected', 'hover', 'error-back']],
];

/** @see https://www.w3.org/TR/WCAG22/#contrast-minimum (AA, read 2026-11-28) */
const ENOUGH = 4.5;

test.each([
  ['dark', DARK],
  ['light', LIGHT],
])('text can be read on everything that it stands on: %s', (_, palette) => {
  const pairs = PAIRS.flatMap(([text, backs]) => backs.map((back) => [text, back] as const));
  expect(pairs.filter(([text, back]) => !(contrast(palette, text, back) >= ENOUGH))).toEqual([]);
});

function colours(style: string): ReadonlyMap<string, string> {
  const block = style.slice(0, style.indexOf('}'));
  return new Map(
    [...block.matchAll(/--([\w-]+): (#[\da-f]{6});/g)].map(([, name = '', colour = '']) => [name, colour]),
  );
}

function contrast(palette: ReadonlyMap<string, string>, one: string, other: string): number {
  const [darker, lighter] = [one, other].map((name) => luminance(palette.get(name) ?? '')).toSorted((a, b) => a - b);
  return ((lighter ?? 0) + 0.05) / ((darker ?? 0) + 0.05);
}

/** @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance (read 2026-11-28) */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const part = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
