import { isSpanContextValid, trace } from '@opentelemetry/api';
import { expect, test } from 'vitest';

import { newTraceparent, requestContext } from '../src/trace-context.ts';

test('a request continues the trace of its client with a span ID of its own', () => {
  const traceparent = newTraceparent();
  const spanContext = trace.getSpanContext(requestContext(traceparent));
  expect(spanContext?.traceId).toBe(traceparent.split('-')[1]);
  expect(spanContext?.spanId).not.toBe(traceparent.split('-')[2]);
  expect(spanContext !== undefined && isSpanContextValid(spanContext)).toBe(true);
});

test.each([undefined, '', 'nonsense', `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`])(
  'a request whose traceparent is %j begins a trace',
  (traceparent) => {
    const spanContext = trace.getSpanContext(requestContext(traceparent));
    expect(spanContext !== undefined && isSpanContextValid(spanContext)).toBe(true);
  },
);
