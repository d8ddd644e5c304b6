import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isTracingSuppressed, withTracingSuppressed } from '@spillway/core';

beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
});

afterEach(() => context.disable());

test('only what happens inside is suppressed, also asynchronously', async () => {
  expect(isTracingSuppressed(context.active())).toBe(false);
  const seen = await withTracingSuppressed(async () => {
    const first = isTracingSuppressed(context.active());
    await Promise.resolve();
    return [first, isTracingSuppressed(context.active())];
  });
  expect(seen).toEqual([true, true]);
  expect(isTracingSuppressed(context.active())).toBe(false);
});

test('the result and the error of the operation come back', () => {
  expect(withTracingSuppressed(() => 42)).toBe(42);
  expect(() =>
    withTracingSuppressed(() => {
      throw new Error('boom');
    }),
  ).toThrow('boom');
  expect(isTracingSuppressed(ROOT_CONTEXT)).toBe(false);
});

test('what else is in the context stays there', () => {
  const key = Symbol('key');
  const seen = context.with(ROOT_CONTEXT.setValue(key, 'kept'), () =>
    withTracingSuppressed(() => context.active().getValue(key)),
  );
  expect(seen).toBe('kept');
});
