import { describe, expect, it } from 'vitest';

import { pageVerdict } from '../../src/sending/page-verdict.ts';

function verdictOf(status: number, body = '', retryAfter: string | null = null): ReturnType<typeof pageVerdict> {
  return pageVerdict({ kind: 'response', status, body, retryAfter }, 0);
}

describe('an answer', () => {
  it.each<[status: number, body: string, outcome: string]>([
    [202, '', 'delivered'],
    [200, '', 'misconfigured'],
    [204, '', 'misconfigured'],
    [400, '{"errors":["\'payload.summary\' is missing or blank"]}', 'invalid'],
    [400, '{"errors":["Length of \'routing_key\' is incorrect (should be 32 characters)"]}', 'misconfigured'],
    [400, 'Invalid Routing Key', 'misconfigured'],
    [401, '', 'misconfigured'],
    [403, '', 'misconfigured'],
    [404, '', 'misconfigured'],
    [408, '', 'retryable'],
    [413, '', 'invalid'],
    [422, '', 'invalid'],
    [429, '', 'retryable'],
    [500, '', 'retryable'],
    [503, '', 'retryable'],
  ])('%i %s means %s', (status, body, outcome) => {
    expect(verdictOf(status, body).outcome).toBe(outcome);
  });

  it('that asks for less says how long to wait', () => {
    expect(verdictOf(429, '', '7')).toMatchObject({ throttled: true, hintMillis: 7000 });
    expect(verdictOf(503)).toMatchObject({ throttled: false, hintMillis: undefined });
  });

  it('that is none, and a redirect, which would carry the key elsewhere', () => {
    expect(pageVerdict({ kind: 'failed', error: new Error('reset') }, 0).outcome).toBe('retryable');
    expect(pageVerdict({ kind: 'redirect', status: 307 }, 0).outcome).toBe('misconfigured');
  });

  it("has PagerDuty's words in its error, on one line", () => {
    const verdict = verdictOf(400, '{"message":\n"Event object is invalid"}');
    expect(verdict).toMatchObject({
      error: { name: 'PagerDutyError', message: 'PagerDuty answered 400: {"message": "Event object is invalid"}' },
    });
  });
});
