import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { build } from 'rolldown';

const SOURCES = new URL('src/', import.meta.url);
const HEAD = '// Made by page/build.ts from page/src. Do not change it here.\n';
/** What ends a script within a document, wherever it stands. */
const ENDS_SCRIPT = /<\/(?=script)|<!--/gi;

/** The text of `src/page/page-assets.ts`. */
export async function buildPageAssets(): Promise<string> {
  const [script, style, markup] = await Promise.all([
    buildScript(),
    readSource('style.css'),
    readSource('markup.html'),
  ]);
  const assets = { SCRIPT: script, STYLE: squeezeStyle(style), MARKUP: squeezeMarkup(markup) };
  const constants = Object.entries(assets).map(
    ([name, text]) => `export const ${name}: string =\n  ${JSON.stringify(text)};\n`,
  );
  return HEAD + constants.join('');
}

async function buildScript(): Promise<string> {
  const { output } = await build({
    input: fileURLToPath(new URL('main.ts', SOURCES)),
    platform: 'browser',
    resolve: { conditionNames: ['dev', 'import', 'default'] },
    output: { format: 'esm', minify: true },
    write: false,
    logLevel: 'silent',
  });
  const text = output[0].code.trim();
  if (ENDS_SCRIPT.test(text)) throw new Error('The script has a text that would end it within the document.');
  return text;
}

async function readSource(name: string): Promise<string> {
  return readFile(new URL(name, SOURCES), 'utf8');
}

function squeezeStyle(style: string): string {
  return style
    .replaceAll(/\/\*.*?\*\//gs, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([{};,]) ?/g, '$1')
    .replaceAll(/: (?=[^{}]*;|[^{}]*\})/g, ':')
    .trim();
}

function squeezeMarkup(markup: string): string {
  return markup.replaceAll(/\s*\n\s*/g, '\n').trim();
}
