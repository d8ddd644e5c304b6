import { diag, DiagLogLevel } from '@opentelemetry/api';
import { ThrottledDiag } from '@spillway/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ProblemLog } from '../src/problem-log.ts';

let now: number;
let lines: string[];
let log: ProblemLog;

beforeEach(() => {
  now = 0;
  lines = [];
  const say =
    (level: string) =>
    (...parts: unknown[]): void =>
      void lines.push(`${level} ${parts.slice(1).join(' ')}`);
  const logger = {
    error: say('error'),
    warn: say('warn'),
    info: say('info'),
    debug: say('debug'),
    verbose: say('verbose'),
  };
  diag.setLogger(logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
  log = new ProblemLog(new ThrottledDiag({ namespace: 'test', now: () => now }));
});

afterEach(() => {
  diag.disable();
});

function problem(statusCode: number | undefined, isConfiguration = false): Parameters<ProblemLog['onRequestEnd']>[0] {
  const error = Object.assign(new Error(`It was ${statusCode}`), { name: 'TestError' });
  return { error, isConfiguration, statusCode };
}

const DOWN = 'warn A request did not succeed: TestError: It was 503';

test('an outage is told once, and its end is told', () => {
  log.onRequestEnd(undefined);
  for (now = 0; now < 3_600_000; now += 1000) log.onRequestEnd(problem(503));
  log.onRequestEnd(undefined);
  log.onRequestEnd(undefined);
  expect(lines).toEqual([DOWN, 'info Requests succeed again.']);
});

test('another error is told when it changes', () => {
  for (const status of [503, 503, 500, 500, undefined]) log.onRequestEnd(problem(status));
  expect(lines).toEqual([DOWN, DOWN.replace('503', '500'), DOWN.replace('503', 'undefined')]);
});

test('a backend that fails every other time is told of twice in 30 s, not at each change', () => {
  for (now = 0; now < 60_000; now += 100) log.onRequestEnd(now % 200 === 0 ? problem(503) : undefined);
  expect(lines).toEqual([DOWN, 'info Requests succeed again.', DOWN, 'info Requests succeed again.']);
});

test('a change that comes too soon to be told is told later, if it lasts', () => {
  log.onRequestEnd(problem(503));
  log.onRequestEnd(undefined);
  for (now = 1000; now <= 60_000; now += 1000) log.onRequestEnd(problem(503));
  expect(lines).toEqual([DOWN, 'info Requests succeed again.', DOWN]);
});

test('wrong credentials are an error, told again and again', () => {
  for (now = 0; now < 90_000; now += 10_000) log.onRequestEnd(problem(401, true));
  const text = 'error Everything is held until address or credentials are mended: TestError: It was 401';
  expect(lines).toEqual([text, text, text]);
});

test('what goes wrong at a new address is told at once', () => {
  log.onRequestEnd(problem(503));
  log.reset();
  log.onRequestEnd(problem(503));
  expect(lines).toEqual([DOWN, DOWN]);
});
