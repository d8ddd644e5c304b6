import { createHash } from 'node:crypto';

import { expect, test } from 'vitest';

import { dedupKey } from '../../src/key/dedup-key.ts';

const PARTS = { prefix: 'spillway', rule: 'errors', keyText: 'errors|1:a' };

test('a deduplication key is prefix, rule and hash, the same in every process', () => {
  const hash = createHash('sha256').update('errors|1:a').digest('hex');
  expect(dedupKey(PARTS)).toBe(`spillway:errors:${hash}`);
  expect(dedupKey({ ...PARTS, instanceId: undefined })).toBe(dedupKey(PARTS));
});

test('a deduplication key differs by key text and by instance', () => {
  const others = [{ keyText: 'errors|1:b' }, { instanceId: '1' }, { instanceId: '2' }, { instanceId: '' }];
  expect(new Set([{}, ...others].map((other) => dedupKey({ ...PARTS, ...other }))).size).toBe(5);
});

test('a deduplication key is ASCII of no more than 255 characters', () => {
  const name = 'x'.repeat(64);
  const key = dedupKey({ prefix: name, rule: name, keyText: 'é😀'.repeat(5000), instanceId: 'é' });
  expect(key).toMatch(/^[\x20-\x7e]{194}$/);
});
