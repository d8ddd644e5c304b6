import { EXAMPLE_TIMEOUT_MILLIS, ExampleRun, expectAsInReadme } from '@spillway/example-shared/testing';
import { expect, test } from 'vitest';

const folder = new URL('..', import.meta.url);

test(
  'records arrive where the file says, without a change to the app',
  { timeout: EXAMPLE_TIMEOUT_MILLIS },
  async () => {
    const run = new ExampleRun(folder);
    expect(await run.exitCode).toBe(0);
    expectAsInReadme(run.lines, folder);
    expect(run.isRunning).toBe(false);
  },
);
