import { openLiveTail } from '@spillway/exporter-live-tail/live-tail-client';
import { EXAMPLE_TIMEOUT_MILLIS, ExampleRun, expectAsInReadme } from '@spillway/example-shared/testing';
import { LokiStandIn } from '@spillway/test/loki';
import { expect, onTestFinished, test } from 'vitest';

const folder = new URL('..', import.meta.url);

/** The body of the first record that somebody sees who opens the address. */
function firstBody(address: string): Promise<unknown> {
  const [url = '', token = ''] = address.split('#token=');
  return new Promise((resolve) => {
    const tail = openLiveTail({
      url,
      token,
      onEvent: ({ type, data }) => {
        if (type === 'record') resolve(data.body);
      },
    });
    onTestFinished(() => tail.close());
  });
}

test(
  'what is logged can be watched until Ctrl-C, and goes to Loki as before',
  { timeout: EXAMPLE_TIMEOUT_MILLIS },
  async () => {
    const loki = new LokiStandIn();
    onTestFinished(() => loki.close());
    const run = new ExampleRun(folder, [], { LIVE_TAIL_PORT: '0', LOKI_URL: await loki.start() });
    const [address] = await run.match(/http:.*/);
    expect(await (await fetch(address)).text()).toContain('<title>Live tail</title>');
    expect(await firstBody(address)).toBe('order taken');
    run.interrupt();
    expect(await run.exitCode).toBe(0);
    expectAsInReadme(run.lines, folder);
    expect(loki.entries()[0]?.line).toBe('order taken');
    expect(run.isRunning).toBe(false);
  },
);

test('with --seconds it ends by itself', { timeout: EXAMPLE_TIMEOUT_MILLIS }, async () => {
  const run = new ExampleRun(folder, ['--seconds', '1'], { LIVE_TAIL_PORT: '0' });
  expect(await run.exitCode).toBe(0);
  expect(run.isRunning).toBe(false);
});
