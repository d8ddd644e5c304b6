import { EXAMPLE_TIMEOUT_MILLIS, ExampleRun, expectAsInReadme } from '@spillway/example-shared/testing';
import { expect, test } from 'vitest';

const folder = new URL('..', import.meta.url);

test('what pino logs arrives in Loki, with the trace of its request', { timeout: EXAMPLE_TIMEOUT_MILLIS }, async () => {
  const run = new ExampleRun(folder);
  expect(await run.exitCode).toBe(0);
  expectAsInReadme(run.lines, folder);
  expect(run.lines).toContain('  INFO  order read orderId=7 trace_id=0af7651916cd43dd8448eb211c80319c');
  expect(run.isRunning).toBe(false);
});

test('with --stay it serves until Ctrl-C', { timeout: EXAMPLE_TIMEOUT_MILLIS }, async () => {
  const run = new ExampleRun(folder, ['--stay']);
  const [address] = await run.match(/http:.*\d/);
  await run.match(/"orderId":"404"/);
  expect(await (await fetch(`${address}/orders/8`)).json()).toEqual({ id: '8', item: 'jam' });
  run.interrupt();
  expect(await run.exitCode).toBe(0);
  expect(run.lines.filter((line) => line.startsWith('  INFO  order read'))).toHaveLength(2);
  expect(run.isRunning).toBe(false);
});
