import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { EXAMPLE_TIMEOUT_MILLIS, ExampleRun, expectAsInReadme } from '@spillway/example-shared/testing';
import { expect, test } from 'vitest';

const folder = new URL('..', import.meta.url);

test('what is written to the console arrives in Loki', { timeout: EXAMPLE_TIMEOUT_MILLIS }, async () => {
  const run = new ExampleRun(folder);
  expect(await run.exitCode).toBe(0);
  expectAsInReadme(run.lines, folder);
  expect(run.isRunning).toBe(false);
});

test('what an exporter writes to the console makes no records', { timeout: EXAMPLE_TIMEOUT_MILLIS }, async () => {
  const imports = ['@spillway/config/register', './src/instrumentation.ts'].flatMap((name) => ['--import', name]);
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=dev', ...imports, './src/app.ts'], {
    cwd: fileURLToPath(folder),
    env: { ...process.env, SPILLWAY_CONFIG_FILE: 'test/to-console.yaml' },
  });
  expect(stdout.match(/^ {2}body: /gm)).toHaveLength(3);
});
