import { readdir, readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { buildPageAssets } from '../../page/build-page.ts';
import { renderPage } from '../../src/page/render-page.ts';

const SOURCES = new URL('../../page/src/', import.meta.url);
const ASSETS = new URL('../../src/page/page-assets.ts', import.meta.url);

/** Ways in which text becomes markup or code. */
const DANGEROUS =
  /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|setHTML|srcdoc|\beval\b|new Function|javascript:/;

test('the page that is served is the one that the sources make', async () => {
  const isUpToDate = (await readFile(ASSETS, 'utf8')) === (await buildPageAssets());
  expect(isUpToDate ? 'up to date' : 'Run: node --conditions=dev packages/exporter-live-tail/page/build.ts').toBe(
    'up to date',
  );
});

test('nothing in the page can turn text into markup or code', async () => {
  const names = (await readdir(SOURCES)).filter((name) => name.endsWith('.ts'));
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) expect(await readFile(new URL(name, SOURCES), 'utf8')).not.toMatch(DANGEROUS);
  expect(await readFile(ASSETS, 'utf8')).not.toMatch(DANGEROUS);
});

test('the markup has no style or handler of its own, which the policy would refuse, and asks for nothing elsewhere', () => {
  const page = renderPage({ nonce: 'n', settings: { basePath: '/' } });
  expect(page).not.toMatch(/<[^>]*\s(?:style|on\w+|src|href)=/);
  expect(page).not.toMatch(/url\(|@import|https?:\/\//);
});

test('script and style carry the nonce, and what was configured cannot leave its attribute', () => {
  const traceUrl = `"><script>alert(1)</script>&amp;'{trace_id}`;
  const page = renderPage({ nonce: 'a"b', settings: { basePath: '/tail', traceUrl } });
  expect(page.match(/nonce="a&quot;b"/g)).toHaveLength(2);
  const [, attribute = ''] = /data-settings="([^"]*)"/.exec(page) ?? [];
  expect(attribute).not.toContain('<');
  const text = attribute.replaceAll('&lt;', '<').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
  expect(JSON.parse(text)).toEqual({ basePath: '/tail', traceUrl });
});
