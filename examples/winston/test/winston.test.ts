import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { EXAMPLE_TIMEOUT_MILLIS, ExampleRun, expectAsInReadme } from '@spillway/example-shared/testing';
import { LokiStandIn } from '@spillway/test/loki';
import { expect, onTestFinished, test } from 'vitest';

const folder = new URL('..', import.meta.url);

test('what winston logs arrives in Loki', { timeout: EXAMPLE_TIMEOUT_MILLIS }, async () => {
  const run = new ExampleRun(folder);
  expect(await run.exitCode).toBe(0);
  expectAsInReadme(run.lines, folder);
  expect(run.isRunning).toBe(false);
});

test('what winston logs in CommonJS arrives as well', { timeout: EXAMPLE_TIMEOUT_MILLIS }, async () => {
  const loki = new LokiStandIn();
  onTestFinished(() => loki.close());
  const imports = ['@spillway/config/register', './src/instrumentation.ts'].flatMap((name) => ['--import', name]);
  await promisify(execFile)(process.execPath, ['--conditions=dev', ...imports, './test/common-js-app.cjs'], {
    cwd: fileURLToPath(folder),
    env: { ...process.env, SPILLWAY_CONFIG_FILE: 'spillway.yaml', LOKI_URL: await loki.start() },
  });
  expect(loki.entries().map(({ line }) => line)).toEqual(['stock is low']);
});
