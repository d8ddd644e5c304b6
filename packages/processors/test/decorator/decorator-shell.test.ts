import { diag, DiagLogLevel, ROOT_CONTEXT } from '@opentelemetry/api';
import type { ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import { afterEach, expect, test, vi } from 'vitest';

import { DecoratorShell } from '../../src/decorator/decorator-shell.ts';
import type { OnDelegateFailure } from '../../src/decorator/delegate.ts';
import { asOwnSending } from '../../src/own-sending.ts';
import { hostileProxy, StubProcessor, throwing } from './stub-processor.ts';

afterEach(() => diag.disable());

const RECORD = { body: 'text', attributes: {} } as unknown as ReadWriteLogRecord;

function listenToDiag(): string[] {
  const said: string[] = [];
  const say = (_namespace: string, message: unknown): void => void said.push(String(message));
  const logger = { error: say, warn: say, info: say, debug: () => {}, verbose: () => {} };
  diag.setLogger(logger, { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true });
  return said;
}

test('a record that is passed is on the account before its delegate gets it', () => {
  const shell = new DecoratorShell();
  const seen: unknown[] = [];
  const stub = new StubProcessor({ whenEmitted: () => seen.push(shell.ledger.passed, shell.ledger.held) });
  const delegate = shell.addDelegate('delegate', stub);
  expect(shell.admit(ROOT_CONTEXT)).toBe(true);
  expect(shell.ledger.held).toBe(1);
  shell.pass(delegate, RECORD, ROOT_CONTEXT);
  expect(seen).toEqual([1, 0]);
});

test('what our own sending causes is dropped, and nobody is warned of it', () => {
  const said = listenToDiag();
  const shell = new DecoratorShell();
  expect(asOwnSending(() => shell.admit(undefined))).toBe(false);
  expect(shell.ledger.snapshot()).toMatchObject({ received: 1, dropped: { suppressed: 1 } });
  expect(said).toEqual([]);
});

test('after a shutdown records are dropped, and the total is told', async () => {
  const said = listenToDiag();
  const shell = new DecoratorShell();
  void shell.shutdown(undefined);
  expect([shell.isShutDown, shell.admit(undefined)]).toEqual([true, false]);
  await shell.shutdown(undefined);
  expect(shell.ledger.snapshot().dropped).toEqual({ shutdown: 1 });
  expect(said).toEqual(['1 records dropped since the start (shutdown 1)']);
});

test('warnings that are due later are given at the shutdown', async () => {
  const said = listenToDiag();
  const shell = new DecoratorShell();
  for (const error of ['text', new RangeError('far'), hostileProxy]) {
    shell.admit(undefined);
    shell.dropInvalid(error);
  }
  await shell.shutdown(undefined);
  expect(said).toEqual([
    '1 records dropped since the start (invalid 1): NonError: text',
    expect.stringContaining('3 records dropped since the start (invalid 3)'),
  ]);
});

test('a context that cannot be read costs its record, nothing else', () => {
  const shell = new DecoratorShell();
  for (const emitContext of [{}, { getValue: throwing }, hostileProxy]) {
    expect(shell.admit(emitContext as never)).toBe(false);
  }
  expect(shell.ledger.snapshot()).toMatchObject({ received: 3, dropped: { invalid: 3 }, held: 0 });
});

test('a delegate that fails is named in the diagnostics, once per interval, whatever it throws', () => {
  const said = listenToDiag();
  const shell = new DecoratorShell();
  const faults: readonly (() => unknown)[] = [
    throwing,
    () => {
      throw hostileProxy as Error;
    },
  ];
  faults.forEach((whenEmitted, index) => {
    const delegate = shell.addDelegate(`delegate${index}`, new StubProcessor({ whenEmitted }));
    for (let count = 0; count < 3; count += 1) shell.pass(delegate, RECORD, undefined);
  });
  expect(said).toEqual([
    'onEmit() of `delegate0` failed: TypeError: bug',
    'onEmit() of `delegate1` failed: NonError: [Unreadable]',
  ]);
});

test('whoever adds a delegate can be told of its failures instead', () => {
  const said = listenToDiag();
  const shell = new DecoratorShell();
  const onFailure = vi.fn<OnDelegateFailure>();
  const delegate = shell.addDelegate('delegate', new StubProcessor({ whenEmitted: throwing }), onFailure);
  shell.pass(delegate, RECORD, undefined);
  expect(onFailure).toHaveBeenCalledExactlyOnceWith('onEmit', expect.any(TypeError), RECORD);
  expect(said).toEqual([]);
});
