import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { flushOnCrash, type FlushOnCrashOptions } from '@spillway/delivery';
import { expect, test, vi } from 'vitest';

import { StubProcessor } from './stub-processor.ts';

const stub = new StubProcessor(() => {});
const exporter = { export() {}, forceFlush: async () => {}, shutdown: async () => {} };
const provider = { getLogger() {}, forceFlush: async () => {}, shutdown: async () => {} };

function messageFor(options: unknown): string {
  try {
    flushOnCrash(options as FlushOnCrashOptions)();
  } catch (error) {
    return String(error);
  }
  return 'accepted';
}

test.each([
  [undefined, 'TypeError: Expected `options` to be an object'],
  [{}, 'TypeError: Expected `processors` to be an array of log-record processors, got `undefined`'],
  [{ processors: stub }, 'TypeError: Expected `processors` to be an array of log-record processors'],
  [{ processors: [] }, 'RangeError: Expected `processors` to be an array that is not empty'],
  [{ processors: [stub, null] }, 'TypeError: Expected `processors[1]` to be an object with onEmit(), forceFlush()'],
  [
    { processors: [exporter] },
    'TypeError: Expected `processors[0]` to be a log-record processor, not an exporter: give',
  ],
  [
    { processors: [provider] },
    'TypeError: Expected `processors[0]` to be a log-record processor, not a provider: give',
  ],
  [
    { processors: [stub], timeoutMillis: 0 },
    'RangeError: Expected `timeoutMillis` to be a number from 1 to 2147483647',
  ],
  [{ processors: [stub], timeoutMillis: 2 ** 31 }, 'RangeError: Expected `timeoutMillis`'],
  [{ processors: [stub], timeoutMillis: '5' }, 'TypeError: Expected `timeoutMillis`'],
  [{ processors: [stub], timeout: 5 }, 'TypeError: Expected `timeout` to be left out'],
  [{ processors: [stub], timeoutMillis: 2 ** 31 - 1 }, 'accepted'],
])('options %o: %s', (options, message) => {
  expect(messageFor(options)).toContain(message);
});

test('listens to the process, and after a stop no longer', () => {
  const events = ['SIGTERM', 'SIGINT', 'beforeExit', 'exit', 'uncaughtExceptionMonitor', 'newListener'];
  const counts = (): number[] => events.map((event) => process.listenerCount(event));
  const before = counts();
  const stop = flushOnCrash({ processors: [stub] });
  expect(counts()).toEqual([1, 1, 1, 2, 1, 1].map((count, index) => count + before[index]!));
  stop();
  stop();
  expect(counts()).toEqual(before);
});

test.each([
  ['no process', undefined],
  ['the process of a bundler', { on() {}, env: {} }],
])('does nothing where there is %s', (_name, value) => {
  vi.stubGlobal('process', value);
  const processors: readonly LogRecordProcessor[] = [stub];
  const stop = flushOnCrash({ processors });
  stop();
  vi.unstubAllGlobals();
  expect(stop).toBeTypeOf('function');
});
