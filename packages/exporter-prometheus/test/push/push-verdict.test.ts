import { describe, expect, it } from 'vitest';

import { pushVerdict } from '../../src/push/push-verdict.ts';

function verdictOf(status: number, retryAfter: string | null = null, text = ''): ReturnType<typeof pushVerdict> {
  return pushVerdict({ kind: 'response', status, text, retryAfter }, 0);
}

describe('pushVerdict', () => {
  it.each([
    ['stored', [200, 202]],
    ['refused', [400, 413, 422]],
    ['misconfigured', [201, 204, 301, 302, 307, 401, 403, 404, 405, 415]],
    ['retryable', [408, 425, 429, 500, 502, 503, 504, 599]],
  ])('takes for %s: %j', (outcome, statuses) => {
    expect(statuses.map((status) => verdictOf(status).outcome)).toEqual(statuses.map(() => outcome));
  });

  it('hands on how long the other side asks to wait', () => {
    expect(verdictOf(429, '7')).toMatchObject({ hintMillis: 7000 });
    expect(verdictOf(503, 'soon')).toMatchObject({ hintMillis: undefined });
  });

  it('quotes the words of a refusal, but no long page', () => {
    expect(verdictOf(400, null, 'inconsistent metrics\n')).toMatchObject({
      error: { name: 'PushgatewayError', message: 'The answer was 400: inconsistent metrics' },
    });
    expect(verdictOf(502, null, 'x'.repeat(10_000))).toMatchObject({
      error: { message: expect.stringMatching(/^.{532}$/) },
    });
  });

  it('takes no answer for what may pass', () => {
    const error = new Error('reset');
    expect(pushVerdict({ kind: 'failed', error }, 0)).toMatchObject({ outcome: 'retryable', error });
  });
});
