import { context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';
import { isTracingSuppressed as isSuppressedForSdk, suppressTracing, unsuppressTracing } from '@opentelemetry/core';
import { expect, test, vi } from 'vitest';
import { isTracingSuppressed, withTracingSuppressed } from '@spillway/core';

test('what the SDK suppresses is suppressed for us', () => {
  const suppressed = suppressTracing(ROOT_CONTEXT);
  expect(isTracingSuppressed(suppressed)).toBe(true);
  expect(isTracingSuppressed(unsuppressTracing(suppressed))).toBe(false);
  expect(isTracingSuppressed(ROOT_CONTEXT)).toBe(false);
});

test('what we suppress is suppressed for the SDK', () => {
  const entered = vi.spyOn(context, 'with');
  withTracingSuppressed(() => {});
  const active = entered.mock.calls[0]?.[0] ?? ROOT_CONTEXT;
  expect(isSuppressedForSdk(active)).toBe(true);
});

test('other keys suppress nothing', () => {
  expect(isTracingSuppressed(ROOT_CONTEXT.setValue(createContextKey('other'), true))).toBe(false);
});
