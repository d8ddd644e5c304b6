import { EXAMPLE_TIMEOUT_MILLIS, ExampleRun, expectAsInReadme } from '@spillway/example-shared/testing';
import { expect, test } from 'vitest';

const folder = new URL('..', import.meta.url);

test('an app that dies twice by the same exception has paged once', { timeout: EXAMPLE_TIMEOUT_MILLIS }, async () => {
  const run = new ExampleRun(folder, [], { PAGERDUTY_ROUTING_KEY: '' });
  expect(await run.exitCode).toBe(0);
  expectAsInReadme(run.lines, folder);
  expect(run.isRunning).toBe(false);
});
