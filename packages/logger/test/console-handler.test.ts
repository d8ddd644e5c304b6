import { wellFormed } from '@spillway/core';
import * as fc from 'fast-check';
import { consoleHandler, Logger, type LoggerOptions } from '@spillway/logger';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { printable } from '../src/handlers/printable-text.ts';
import { throwing } from './harness.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: 0 }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

function consoleOf(lines: string[], methods: string[] = []): Pick<Console, 'debug' | 'info' | 'warn' | 'error'> {
  const say = (method: string) => (line: string) => {
    methods.push(method);
    lines.push(line);
  };
  return { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
}

/** What is printed of a call. */
function printed(log: (logger: Logger) => unknown, options: LoggerOptions = {}, colors = false): string {
  const lines: string[] = [];
  const handlers = [consoleHandler({ colors, console: consoleOf(lines) })];
  log(new Logger({ ...options, handlers, fallbackHandler: throwing }));
  expect(lines).toHaveLength(1);
  return lines[0] ?? '';
}

test('a line has time, level, topic, message and context', () => {
  const line = printed((logger) =>
    logger.child('filter').info('initialized', 'init', { windowSize: 10, name: 'moving average', tag: 'a', on: true }),
  );
  expect(line).toBe(
    '1970-01-01T00:00:00.000Z INFO  filter.init initialized windowSize=10 name="moving average" tag=a on=true',
  );
});

test('values show where they begin and end, and what they hold', () => {
  const line = printed((logger) =>
    logger.info('text', 't', { empty: '', equal: 'a=b', quote: '"', list: [1, 'a'], none: null, not: Number.NaN }),
  );
  expect(line).toMatch(/ empty="" equal="a=b" quote="\\"" list=\[1,"a"\] none=null not=NaN$/u);
});

test('a name that could pass for several, or for a name and a value, is quoted', () => {
  const line = printed((logger) => logger.info('text', 't', { 'role=admin user': 'eve', 'a b': 1, 'q"': 2, plain: 3 }));
  expect(line).toMatch(/text "role=admin user"=eve "a b"=1 "q\\""=2 plain=3$/u);
});

test('the stack of an exception stands below, indented', () => {
  const error = new TypeError('first\nsecond');
  error.stack = 'TypeError: first\nsecond\n    at here';
  const lines = printed((logger) => logger.error(error, 't')).split('\n');
  expect(lines.slice(0, 3)).toEqual([
    '1970-01-01T00:00:00.000Z ERROR t first\\nsecond',
    '    TypeError: first',
    '    second',
  ]);
  expect(lines[3]).toBe('        at here');
});

test('an exception without a stack is named', () => {
  const context = { 'exception.type': 'Refused', 'exception.message': 'no more' };
  expect(printed((logger) => logger.error('text', 't', context))).toMatch(/text\n {4}Refused: "no more"$/u);
});

test('nothing in a text can pass for another line or change what is shown', () => {
  const evil = 'a\n2026 FATAL\u001b[2J\u009b31m\u2028\u202e\u2066\r\t\u0000';
  const escaped = String.raw`a\n2026 FATAL\u001b[2J\u009b31m\u2028\u202e\u2066\r\t\u0000`;
  const line = printed((logger) => logger.info(evil, evil.replaceAll('.', ''), { [evil]: evil, list: [evil] }));
  expect(line.split(escaped).length - 1).toBe(5);
  const unit = fc.constantFrom(...Array.from('az .="\\👋ö'), ...Array.from(evil), '\ud800', '\udc00', '\u200f');
  const text = fc.string({ unit, maxLength: 30 });
  fc.assert(
    fc.property(text, text, text, text, (message, topic, key, value) => {
      const shown = printed((logger) => logger.info(message, topic, { [key]: value, nested: { [key]: [value] } }));
      expect(shown).not.toMatch(/[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
      expect(wellFormed(shown)).toBe(shown);
    }),
  );
});

test('plain text is printed as it is, and long text is cut', () => {
  expect(printable('Grüße 👋🏽 \\n', 100)).toBe('Grüße 👋🏽 \\n');
  expect(printable('👋👋', 3)).toBe('👋…');
  const line = printed((logger) => logger.info('x'.repeat(1_000_000), 't', { long: 'y'.repeat(1_000_000) }));
  expect(line.length).toBeLessThan(20_000);
});

test('each level has its method of the console', () => {
  const methods: string[] = [];
  const logger = new Logger({ handlers: [consoleHandler({ console: consoleOf([], methods) })] });
  for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) void logger.log(level, 'text');
  expect(methods).toEqual(['debug', 'debug', 'info', 'warn', 'error', 'error']);
});

test('colours stand around the level, and nowhere else in what a record brings', () => {
  const line = printed((logger) => logger.warn('text', 't', { a: 1 }), {}, true);
  expect(line).toBe(
    '\u001b[2m1970-01-01T00:00:00.000Z\u001b[0m \u001b[33mWARN \u001b[0m \u001b[1mt\u001b[0m text \u001b[2ma=\u001b[0m1',
  );
});

test.each([
  [{}, false, false],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '' }, false, true],
  [{ FORCE_COLOR: '0' }, true, false],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{}, true, true],
])('with the environment %j and a terminal: %j, colours: %j', (environment, isTTY, hasColors) => {
  for (const name of ['FORCE_COLOR', 'NO_COLOR']) vi.stubEnv(name, (environment as Record<string, string>)[name]);
  const { stdout, stderr } = process;
  const before = [stdout.isTTY, stderr.isTTY];
  Object.assign(stdout, { isTTY });
  Object.assign(stderr, { isTTY: !isTTY });
  const info = vi.spyOn(console, 'info').mockImplementation(() => {});
  void new Logger({ handlers: [consoleHandler()] }).info('text');
  [stdout.isTTY, stderr.isTTY] = before as [boolean, boolean];
  expect(String(info.mock.calls[0]?.[0]).includes('\u001b[')).toBe(hasColors);
});

test('where there is no process, as in a browser, it prints without colours', () => {
  const info = vi.spyOn(console, 'info').mockImplementation(() => {});
  vi.stubGlobal('process', undefined);
  void new Logger({ handlers: [consoleHandler()] }).info('text', 't');
  vi.unstubAllGlobals();
  expect(info).toHaveBeenCalledExactlyOnceWith('1970-01-01T00:00:00.000Z INFO  t text');
});

test('a wrong option throws', () => {
  expect(() => consoleHandler({ colors: 'yes' as never })).toThrow('Expected `colors` to be a boolean');
  expect(() => consoleHandler({ console: {} as never })).toThrow('Expected `console` to be an object with debug()');
  expect(() => consoleHandler({ color: true } as never)).toThrow('Expected `color` to be left out');
});
