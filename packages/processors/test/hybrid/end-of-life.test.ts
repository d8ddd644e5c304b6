import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterEach, expect, test, vi } from 'vitest';

import { cleanUp, fakeTime, pass, range, ScriptedExporter, settle, setUp, SUCCESS } from './harness.ts';

afterEach(cleanUp);

const script = fileURLToPath(new URL('exit-script.ts', import.meta.url));

/** What Node does when its event loop runs empty, for the listener of processors alone. */
const runsEmpty = (): void => process.listeners('beforeExit').at(-1)?.(0);

/** Runs the script that logs and ends, with a scenario of its own, and answers what it printed and how it ended. */
async function runScript(scenario: string): Promise<{ stdout: string; stderr: string; code: unknown }> {
  const run = promisify(execFile)(process.execPath, ['--conditions=dev', script, scenario]);
  return run.then(
    (output) => ({ ...output, code: 0 }),
    (error: { stdout: string; stderr: string; code: unknown }) => error,
  );
}

test('at the end of a script the last records leave', async () => {
  expect(await runScript('healthy')).toEqual({ stdout: 'exported 3\nflushed\n', stderr: '', code: 0 });
});

test('nothing is flushed at the end where that is disabled, and nothing keeps the process alive', async () => {
  expect(await runScript('disabled')).toEqual({ stdout: '', stderr: '', code: 0 });
});

test('a shutdown at the top level of a script ends it in an outage too, with the exit code it had', async () => {
  expect(await runScript('outage')).toEqual({
    stdout: 'refused 3\nrefused 3\nflushed\nflushed\nshut down\n',
    stderr: '',
    code: 0,
  });
});

test('the process is flushed once for each time that something new has come, within one budget', async () => {
  fakeTime();
  const { exporter, info } = setUp({ disableFlushOnBeforeExit: false });
  runsEmpty();
  expect(exporter.calls).toEqual([]);
  info(0, 1);
  runsEmpty();
  expect(exporter.bodies).toEqual([0]);
  exporter.batches[0]?.answer(SUCCESS);
  await settle();
  runsEmpty();
  runsEmpty();
  await settle();
  expect(exporter.calls).toEqual(['export', 'forceFlush']);
  info(1, 2);
  runsEmpty();
  await pass(5000);
  expect(exporter.calls).toEqual(['export', 'forceFlush', 'export', 'forceFlush']);
  info(2, 3);
  runsEmpty();
  await settle();
  expect(exporter.calls).toHaveLength(4);
});

test('many processors share one listener, which goes with the last of them', async () => {
  const before = process.listenerCount('beforeExit');
  const processors = range(0, 20).map(
    () => setUp({ disableFlushOnBeforeExit: false }, new ScriptedExporter(SUCCESS)).processor,
  );
  expect(process.listenerCount('beforeExit')).toBe(before + 1);
  for (const processor of processors) {
    expect(process.listenerCount('beforeExit')).toBe(before + 1);
    await processor.shutdown();
  }
  expect(process.listenerCount('beforeExit')).toBe(before);
});

test('a page that is hidden sends everything at once, whatever number of exports it takes', async () => {
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  vi.stubGlobal('document', page);
  const { exporter, processor, info } = setUp({ maxExportBatchSize: 2, disableFlushOnBeforeExit: false });
  info(0, 20);
  page.dispatchEvent(new Event('visibilitychange'));
  expect(exporter.batches).toHaveLength(0);
  page.visibilityState = 'hidden';
  page.dispatchEvent(new Event('visibilitychange'));
  expect(exporter.bodies).toEqual(range(0, 20));
  for (const { answer } of exporter.batches) answer(SUCCESS);
  await processor.shutdown();
  const calls = exporter.calls.length;
  page.dispatchEvent(new Event('visibilitychange'));
  vi.unstubAllGlobals();
  expect(exporter.calls).toHaveLength(calls);
});

test('without setImmediate batches leave by a message, which is not delayed as timers are', async () => {
  vi.stubGlobal('setImmediate', undefined);
  const { exporter, info } = setUp({ maxExportBatchSize: 2 });
  info(0, 2);
  vi.unstubAllGlobals();
  await Promise.resolve();
  expect(exporter.batches).toHaveLength(0);
  await vi.waitFor(() => expect(exporter.bodies).toEqual([0, 1]));
});

test('without setImmediate and messages batches leave by a timer', async () => {
  fakeTime();
  vi.stubGlobal('setImmediate', undefined);
  vi.stubGlobal('MessageChannel', undefined);
  const { exporter, info } = setUp({ maxExportBatchSize: 2 });
  info(0, 2);
  vi.unstubAllGlobals();
  await pass(1);
  expect(exporter.bodies).toEqual([0, 1]);
});
