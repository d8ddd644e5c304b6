import { expect, test } from 'vitest';

import { LevelDetector } from './detected-level.ts';
import { LOKI_DEFAULT_LIMITS } from './limits.ts';
import type { Pair } from './push-request.ts';

const detector = new LevelDetector(LOKI_DEFAULT_LIMITS);
const levelOf = (line: string, metadata: readonly Pair[] = [], labels: readonly Pair[] = []): string | undefined =>
  detector.addLevel(labels, metadata, line).find(([name]) => name === 'detected_level')?.[1];

test.each([
  ['an error occurred', 'error'],
  ['errors happened', 'unknown'],
  ['misc:error', 'unknown'],
  ['debug: message', 'debug'],
  ['warn.', 'unknown'],
  ['[ERR] x', 'error'],
  ['info: then an error', 'info'],
  ['level=warn msg="an error"', 'warn'],
  ['msg="level=error" level=info', 'info'],
  ['severity=critical level=warn', 'warn'],
  ['level=foo msg=error', 'error'],
  ['level=warn=x', 'warn'],
  ['level="er\\u0072or"', 'error'],
  ['{"level":"ERR","severity":"info"}', 'error'],
  ['{"severity":"info","level":"error"}', 'info'],
  ['{"a":{"level":"warn"}}', 'warn'],
  ['{"a":{"b":{"level":"warn"}},"msg":"x"}', 'warn'],
  ['{"a":{"b":{"level":"debug"}},"msg":"an error"}', 'debug'],
  ['{"level":5,"msg":"x"}', 'unknown'],
  ['{"lEvEl":"Notice"}', 'unknown'],
  ['\u0130nfo', 'info'],
  ['', 'unknown'],
])('the line %j is of level %s', (line, expected) => {
  expect(levelOf(line)).toBe(expected);
});

test.each([
  ['0', 'unknown'],
  ['4', 'trace'],
  ['5', 'debug'],
  ['12', 'info'],
  ['13', 'warn'],
  ['20', 'error'],
  ['24', 'fatal'],
  ['25', 'unknown'],
  ['-1', 'trace'],
  ['abc', 'info'],
])('severity_number %s means %s', (number, expected) => {
  expect(levelOf('an error', [['severity_number', number]])).toBe(expected);
});

test('a label wins over metadata, metadata over severity_number, and that over the line', () => {
  const metadata: readonly Pair[] = [
    ['severity_number', '17'],
    ['severity_text', 'WARNING'],
  ];
  expect(levelOf('debug', metadata, [['level', 'Notice']])).toBe('Notice');
  expect(levelOf('debug', metadata)).toBe('warn');
  expect(levelOf('debug', metadata.slice(0, 1))).toBe('error');
});

test('a level that the client gives is kept, in the spelling of Loki', () => {
  expect(detector.addLevel([], [['detected_level', 'ERR']], 'x')).toEqual([['detected_level', 'error']]);
  expect(detector.addLevel([], [['detected_level', 'weird']], 'x')).toEqual([['detected_level', 'weird']]);
});
