import { context, diag, type DiagLogger, DiagLogLevel } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isTracingSuppressed, ThrottledDiag } from '@spillway/core';

let lines: string[];
let now: number;

function listen(onLine: (line: string) => void): void {
  const say =
    (level: string) =>
    (...parts: unknown[]): void =>
      onLine(`${level} ${parts.join(' ')}`);
  const logger: DiagLogger = {
    error: say('error'),
    warn: say('warn'),
    info: say('info'),
    debug: say('debug'),
    verbose: say('verbose'),
  };
  diag.setLogger(logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
}

function create(): ThrottledDiag {
  return new ThrottledDiag({ namespace: 'ns', now: () => now });
}

beforeEach(() => {
  lines = [];
  now = 0;
  listen((line) => lines.push(line));
});

afterEach(() => diag.disable());

test('a message is shown with its level, component and error', () => {
  const throttled = create();
  throttled.error('a', 'Broken', new RangeError('too much'));
  throttled.warn('b', 'Odd');
  throttled.info('c', 'Well', 'not an error');
  expect(lines).toEqual(['error ns Broken: RangeError: too much', 'warn ns Odd', 'info ns Well']);
});

test('a key speaks once per 30 s and then says how often it was silent', () => {
  const throttled = create();
  for (now = 0; now < 90_000; now += 1000) throttled.warn('a', 'Odd');
  expect(lines).toEqual(['warn ns Odd', 'warn ns Odd (29 more like this)', 'warn ns Odd (29 more like this)']);
});

test('keys are throttled apart, and a key that is reset speaks at once', () => {
  const throttled = create();
  throttled.warn('a', 'A');
  throttled.warn('b', 'B');
  expect([throttled.isDue('a'), throttled.isDue('c')]).toEqual([false, true]);
  throttled.reset('a');
  expect(throttled.isDue('a')).toBe(true);
  throttled.warn('a', 'A again');
  throttled.warn('b', 'B again');
  expect(lines).toEqual(['warn ns A', 'warn ns B', 'warn ns A again']);
});

test('whatever is said when, each message is shown or counted, and no key speaks twice within the interval', () => {
  const event = fc.record({ key: fc.constantFrom('a', 'b', 'c'), pause: fc.integer({ min: 0, max: 20_000 }) });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      lines = [];
      now = 0;
      const throttled = create();
      const model = new Map<string, { at: number; silent: number }>();
      const expected: string[] = [];
      for (const { key, pause } of events) {
        now += pause;
        const last = model.get(key);
        if (last !== undefined && now - last.at < 30_000) last.silent += 1;
        else {
          expected.push(
            `warn ns ${key}${last !== undefined && last.silent > 0 ? ` (${last.silent} more like this)` : ''}`,
          );
          model.set(key, { at: now, silent: 0 });
        }
        throttled.warn(key, key);
      }
      expect(lines).toEqual(expected);
    }),
  );
});

test('the number of keys remembered is bounded', () => {
  const throttled = create();
  for (let i = 0; i < 1000; i += 1) throttled.warn(`key ${i}`, 'x');
  throttled.warn('key 0', 'shown again, because it was forgotten');
  expect(lines).toHaveLength(1001);
});

test('an error cannot forge other lines, nor fill the log', () => {
  create().warn('a', 'Refused', new Error(`first\r\nerror ns second\u001b[2K${'x'.repeat(5000)}`));
  expect(lines[0]).toMatch(/^warn ns Refused: Error: first error ns second \[2Kx+$/);
  expect(lines[0]?.length).toBeLessThan(1100);
});

test('a stack or a cause is never shown', () => {
  create().warn('a', 'Refused', new Error('outside', { cause: new Error('hunter2') }));
  expect(lines).toEqual(['warn ns Refused: Error: outside']);
});

test('a diagnostics logger that throws does no harm', () => {
  listen(() => {
    throw new Error('diag is broken');
  });
  const throttled = create();
  expect(() => throttled.error('a', 'x')).not.toThrow();
  expect(() => throttled.error('a', 'x', new Error('y'))).not.toThrow();
});

test('a diagnostics logger that emits log records is called as our own sending', () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  listen(() => lines.push(String(isTracingSuppressed(context.active()))));
  create().warn('a', 'x');
  context.disable();
  expect(lines).toEqual(['true']);
});
