import { expect, test } from 'vitest';

import { type ApplicationEnding, runApplication } from './run-application.ts';

const TIMEOUT_MILLIS = 30_000;

/** Ends an application that has made its provider itself. Each of its two processors still holds the record. */
function endOwn(ending: string, flushOnCrash: boolean): Promise<ApplicationEnding> {
  return runApplication({
    file: 'own-provider.ts',
    preload: 'none',
    arguments: [ending, String(flushOnCrash)],
  });
}

function recordCount({ output }: ApplicationEnding): number {
  return output.split("body: 'what waits'").length - 1;
}

// The batch processor of OpenTelemetry needs time that only a signal and the end by itself leave.
test.each([
  ['end', 2, { code: 0, signal: null }],
  ['term', 2, { code: null, signal: 'SIGTERM' }],
  ['exit', 1, { code: 3, signal: null }],
  ['crash', 1, { code: 1, signal: null }],
])(
  'with flushOnCrash what waits leaves before the end by %s, which stays what it was',
  async (ending, count, expected) => {
    const ended = await endOwn(ending, true);
    expect(ended).toMatchObject(expected);
    expect(recordCount(ended)).toBe(count);
  },
  TIMEOUT_MILLIS,
);

test.each([
  ['end', { code: 0, signal: null }],
  ['term', { code: null, signal: 'SIGTERM' }],
  ['exit', { code: 3, signal: null }],
])(
  'without flushOnCrash nothing listens to the end by %s',
  async (ending, expected) => {
    const ended = await endOwn(ending, false);
    expect(ended).toMatchObject(expected);
    expect(recordCount(ended)).toBe(0);
  },
  TIMEOUT_MILLIS,
);
