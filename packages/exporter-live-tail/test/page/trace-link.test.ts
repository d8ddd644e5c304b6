import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { traceLink } from '../../page/src/trace-link.ts';

const ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const BASE = 'http://127.0.0.1:4400/tail/';

test.each([
  ['https://traces.example/trace/{trace_id}?from=tail', `https://traces.example/trace/${ID}?from=tail`],
  ['/jaeger/trace/{trace_id}#{trace_id}', `http://127.0.0.1:4400/jaeger/trace/${ID}#${ID}`],
])('%s leads to %s', (template, link) => {
  expect(traceLink(template, ID, BASE)).toBe(link);
});

test.each([
  undefined,
  '',
  'javascript:alert("{trace_id}")',
  ' JaVaScRiPt:alert(1)',
  'data:text/html,x',
  'http://[',
  'file:///x',
])('the template %s leads nowhere', (template) => {
  expect(traceLink(template, ID, BASE)).toBeUndefined();
});

test('only an id of a trace is put into an address', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(traceLink('https://traces.example/{trace_id}', text, BASE)).toBeUndefined();
    }),
  );
});
