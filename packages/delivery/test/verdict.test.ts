import { expect, test } from 'vitest';
import type { Backend } from '@spillway/delivery';
import { judge } from '../src/verdict.ts';
import { testOwner } from './test-payload.ts';

function answer(status: number, retryAfter: string | null = null, body = ''): Parameters<typeof judge>[0] {
  return { kind: 'response', status, retryAfter, body };
}

function judged(result: Parameters<typeof judge>[0], backend: Partial<Backend> = {}): ReturnType<typeof judge> {
  const owner = testOwner();
  return judge(result, { ...owner, backend: { ...owner.backend, ...backend } }, 7, 0);
}

test('the backend decides what an answer means', () => {
  expect(judged(answer(204))).toMatchObject({ verdict: { outcome: 'delivered' }, statusCode: 204 });
  expect(judged(answer(400, null, '3')).verdict).toMatchObject({ outcome: 'rejected', rejectedCount: 3 });
  const asked: unknown[] = [];
  judged(answer(418, null, 'text'), {
    classify: (...given) => {
      asked.push(...given);
      return { outcome: 'delivered' };
    },
  });
  expect(asked).toEqual([expect.objectContaining({ status: 418, body: 'text' }), { recordCount: 7 }]);
});

test.each([
  ['2', 2000],
  ['Thu, 01 Jan 1970 00:00:03 GMT', 3000],
  ['Wed, 31 Dec 1969 23:59:59 GMT', undefined],
  ['99999999999', 99_999_999_999_000],
  ['0', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['garbage', undefined],
  ['2, 3', undefined],
  ['2026-11-21T00:00:00Z', undefined],
  [null, undefined],
])('Retry-After %j is a hint of %s ms', (header, millis) => {
  expect(judged(answer(503, header)).hintMillis).toBe(millis);
});

test('a broken connection is worth another attempt and says nothing about time', () => {
  const error = new Error('reset');
  expect(judged({ kind: 'failed', error })).toEqual({
    verdict: { outcome: 'retryable', throttled: false, error },
    hintMillis: undefined,
    statusCode: undefined,
    mayBePayload: false,
  });
});

test('only an answer, other than 429, and an outbox that fails can be about the payload', () => {
  const error = new Error('x');
  expect(judged(answer(500)).mayBePayload).toBe(true);
  expect(judged(answer(429)).mayBePayload).toBe(false);
  expect(judged({ kind: 'unreadable', isLost: false, error })).toMatchObject({
    verdict: { outcome: 'retryable', error },
    mayBePayload: true,
  });
});

test('a redirect is final, without asking the backend', () => {
  const { verdict, statusCode } = judged(
    { kind: 'redirect', status: 307 },
    { classify: () => ({ outcome: 'delivered' }) },
  );
  expect(verdict).toMatchObject({ outcome: 'rejected', rejectedCount: 7, error: { name: 'RedirectError' } });
  expect(statusCode).toBe(307);
});

test('a backend whose function throws is asked again later', () => {
  const cause = new Error('boom');
  const { verdict } = judged(answer(500, '2'), {
    classify: () => {
      throw cause;
    },
  });
  expect(verdict).toMatchObject({ outcome: 'retryable', throttled: false, error: { name: 'ClassifyError', cause } });
});
