import { siblingUrl } from '@spillway/delivery';
import { expect, test } from 'vitest';

test('a module is looked for beside the one that names it, with its ending', () => {
  expect(siblingUrl('file:///app/src/loki.ts', 'worker')).toBe('file:///app/src/worker.ts');
  expect(siblingUrl('file:///app/dist/loki.js', 'worker')).toBe('file:///app/dist/worker.js');
});

test('a bundle in CommonJS, whose modules have no address, gets an address that can be looked at', () => {
  expect(URL.canParse(siblingUrl(undefined, 'worker'))).toBe(true);
});
