import { expect, test } from 'vitest';
import { callSafely } from '@spillway/core';

test('what a function throws goes to the handler', () => {
  const errors: unknown[] = [];
  callSafely(
    () => {
      throw new Error('boom');
    },
    (error) => errors.push(error),
  );
  expect(errors).toEqual([new Error('boom')]);
});

test('what a promise rejects with goes to the handler, and nobody waits for it', async () => {
  const error = await new Promise((resolve) => {
    callSafely(() => Promise.reject(new Error('later')), resolve);
  });
  expect(error).toEqual(new Error('later'));
});

test('a function that does its work is called once and nothing else happens', () => {
  let calls = 0;
  callSafely(
    () => (calls += 1),
    () => (calls += 100),
  );
  expect(calls).toBe(1);
});
