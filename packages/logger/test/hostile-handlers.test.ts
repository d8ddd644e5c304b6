import { context, diag } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { type LogHandler, Logger, recordingHandler, toHandler } from '@spillway/logger';
import { afterEach, expect, test } from 'vitest';

import { expectBalance, never, throwing } from './harness.ts';

afterEach(() => {
  diag.disable();
  context.disable();
});

const macrotask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const failure = new RangeError('bug');

/** What a handler may answer that is no promise. */
function answering(answer: () => unknown): LogHandler {
  return answer as LogHandler;
}

type Settle = (value?: unknown) => void;
type Then = (resolve: Settle, reject: Settle) => void;

function thenable(then: Then | undefined, target: object = {}): object {
  Reflect.set(target, 'then', then);
  return target;
}

test.each([
  ['calls back twice', thenable((resolve) => void [resolve(), resolve()]), 'passed'],
  ['succeeds, then fails', thenable((resolve, reject) => void [resolve(), reject(failure)]), 'passed'],
  ['fails, then succeeds', thenable((resolve, reject) => void [reject(failure), resolve()]), 'rejected'],
  ['never calls back', thenable(() => {}), 'shutdown'],
  ['is a promise with a `then` that does nothing', thenable(() => {}, Promise.resolve()), 'shutdown'],
  ['throws where it is called', thenable(throwing), 'rejected'],
  [
    'is a function',
    thenable(
      (_resolve, reject) => reject(failure),
      () => {},
    ),
    'rejected',
  ],
  ['has no function as `then`', thenable(undefined), 'passed'],
])('a thenable that %s is accounted for once', async (_kind, answer, fate) => {
  const recording = recordingHandler();
  const logger = new Logger({ handlers: [answering(() => answer), recording], fallbackHandler: () => {} });
  const logged = logger.info('text');
  await macrotask();
  expectBalance(logger);
  await logger.shutdown({ timeoutMillis: 20 });
  await logged;
  expectBalance(logger);
  const { passed, dropped } = logger.stats().handlers[0] ?? {};
  expect({ passed, dropped }).toEqual(
    fate === 'passed' ? { passed: 1, dropped: {} } : { passed: 0, dropped: { [fate]: 1 } },
  );
  expect(recording.records).toHaveLength(1);
});

test('what an answer logs where it is waited for, such as a query that runs only then, comes to an end', async () => {
  let calls = 0;
  const query = thenable((resolve) => {
    calls += 1;
    if (calls < 100) void logger.debug('query');
    resolve();
  });
  const logger: Logger = new Logger({ handlers: [answering(() => query)] });
  await logger.info('text');
  await macrotask();
  expect(calls).toBe(1);
  expect(logger.stats()).toMatchObject({ received: 2, passed: 1, dropped: { suppressed: 1 } });
  await logger.shutdown();
});

test('an error that logs where it is read is reported once, and every record has its account', async () => {
  const reports = recordingHandler();
  const error = Object.defineProperty(new Error('x'), 'message', {
    get: () => {
      void logger.info('read');
      return 'told';
    },
  });
  const logger: Logger = new Logger({
    handlers: [
      () => {
        throw error;
      },
      recordingHandler(),
    ],
    fallbackHandler: reports,
  });
  await logger.info('text');
  expectBalance(logger);
  expect(logger.stats()).toMatchObject({ passed: 2, created: 1 });
  expect(reports.records.map(({ body }) => body)).toEqual(['Handler error: told']);
  await logger.shutdown();
});

test.each([false, true])(
  'diagnostics that log here while a record is handed out do not disturb its account (context manager: %s)',
  async (hasManager) => {
    if (hasManager) context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    let finish: (() => void) | undefined;
    const recording = recordingHandler();
    const logger: Logger = new Logger({
      handlers: [() => new Promise<void>((resolve) => (finish = resolve)), never, recording],
      fallbackHandler: () => {},
      maxPending: 1,
    });
    void logger.info('first');
    const say = (text: string): void => void logger.warn(text);
    diag.setLogger({ error: say, warn: say, info: say, debug: say, verbose: say }, { suppressOverrideMessage: true });
    void logger.info('second');
    expectBalance(logger);
    expect(recording.records.map(({ body }) => body)).toContain('second');
    diag.disable();
    finish?.();
    await logger.shutdown({ timeoutMillis: 10 });
    expectBalance(logger);
  },
);

test('what an exporter logs while it is flushed or shut down is not handed to it, and is nothing to flush for', async () => {
  let flushes = 0;
  const kept: unknown[] = [];
  const exporter = toHandler({
    export: (records, answer) => {
      kept.push(...records.map(({ body }) => body));
      answer({ code: 0 });
    },
    forceFlush: async () => {
      flushes += 1;
      await macrotask();
      await logger.info('flushed');
    },
    shutdown: async () => logger.info('shut down'),
  });
  const logger: Logger = new Logger({ handlers: [exporter] });
  const runsEmpty = process.listeners('beforeExit').at(-1);
  await logger.info('text');
  for (let count = 0; count < 3; count += 1) {
    runsEmpty?.(0);
    await macrotask();
    await macrotask();
  }
  expect(flushes).toBe(1);
  await logger.shutdown();
  expect(kept).toEqual(['text']);
  expect(logger.stats()).toMatchObject({ received: 4, passed: 1, dropped: { suppressed: 1, shutdown: 2 } });
});

test('a handler that is the only one is flushed before it is shut down too, and is shut down where the flush hangs', async () => {
  for (const flush of [async () => {}, never, () => Promise.reject(failure)]) {
    const told: string[] = [];
    const handler = Object.assign(async () => {}, {
      forceFlush: () => {
        told.push('flush');
        return flush();
      },
      shutdown: async () => void told.push('shutdown'),
    });
    const logger = new Logger({ handlers: [handler], fallbackHandler: () => {} });
    await logger.info('text');
    await logger.shutdown({ timeoutMillis: 40 });
    expect(told).toEqual(['flush', 'shutdown']);
  }
});

test('a handler that shuts the logger down it is called by, and waits for that, does not hang it', async () => {
  const logger: Logger = new Logger({
    handlers: [
      async () => logger.shutdown({ timeoutMillis: 20 }),
      async () => logger.forceFlush({ timeoutMillis: 20 }),
    ],
    fallbackHandler: () => {},
  });
  await logger.info('text');
  await logger.shutdown();
  expectBalance(logger);
  expect(logger.stats().held).toBe(0);
});
