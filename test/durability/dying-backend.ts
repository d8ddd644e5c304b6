/**
 * As much of Loki's backend as tests need, for workers that die in it. Each takes one word off a file, and dies in the way that it says. The file is
 * named in the environment, which a worker has from its application.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

import type { Backend } from '@spillway/delivery';

export const DEATHS_PATH = 'SPILLWAY_TEST_DEATHS';

const WAYS: Readonly<Record<string, () => void>> = {
  exit: () => process.exit(7),
  crash: () =>
    queueMicrotask(() => {
      throw new Error('The worker is broken.');
    }),
};

function perhapsDie(): void {
  const path = process.env[DEATHS_PATH];
  if (isMainThread || path === undefined) return;
  const [way = '', ...others] = readFileSync(path, 'utf8').split(' ');
  writeFileSync(path, others.join(' '));
  WAYS[way]?.();
}

export const backend: Backend = {
  id: 'loki',
  contentType: 'application/json',
  classify({ status }) {
    perhapsDie();
    if (status === 204) return { outcome: 'delivered' };
    return { outcome: 'retryable', throttled: false, error: new Error(`Loki answered ${status}.`) };
  },
  split: (payload) => [payload],
};
