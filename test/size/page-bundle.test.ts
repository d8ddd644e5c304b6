import { expect, test } from 'vitest';

import { bundleForPage } from './page-bundle.ts';

/**
 * What the hybrid, the Loki exporter and delivery with the memory outbox may weigh, minified and gzipped: what they weigh
 * now, up to the next half KiB. Whoever has to raise it says why.
 */
const BUDGET_BYTES = 33.5 * 1024;

const page = await bundleForPage('page-entry.ts');

test(`hybrid, Loki exporter and memory outbox take a page ${page.gzippedBytes} bytes, and may take ${BUDGET_BYTES}`, () => {
  expect(page.gzippedBytes).toBeLessThanOrEqual(BUDGET_BYTES);
  // A budget that is far away says nothing.
  expect(page.gzippedBytes).toBeGreaterThan(BUDGET_BYTES - 1024);
});

test('are bundled for a browser without a warning, and load nothing but the OTel API', () => {
  expect(page.warnings).toEqual([]);
  expect(page.imports).toEqual(['@opentelemetry/api']);
});

test('ask for no built-in of Node', () => {
  expect(page.code).not.toMatch(/node:/);
});

test('bring along no other outbox, no worker and no crash flush', () => {
  const other = /\/(?:worker-delivery|worker\/|file-outbox|indexed-db-outbox|crash-flush|idb\/)/;
  expect(page.modules.filter((id) => other.test(id))).toEqual([]);
});
