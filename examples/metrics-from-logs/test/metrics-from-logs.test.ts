import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

import { EXAMPLE_TIMEOUT_MILLIS, ExampleRun, expectAsInReadme } from '@spillway/example-shared/testing';
import { expect, test } from 'vitest';

const folder = new URL('..', import.meta.url);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('what is logged is counted, and its numbers are observed', { timeout: EXAMPLE_TIMEOUT_MILLIS }, async () => {
  const run = new ExampleRun(folder, [], { PROMETHEUS_PORT: String(await freePort()) });
  expect(await run.exitCode).toBe(0);
  expectAsInReadme(run.lines, folder);
  expect(run.lines).toContain('log_records_total{severity="INFO",topic="shop.orders"} 100');
  expect(run.lines).toContain('order_duration_seconds_bucket{le="1.0"} 90');
  expect(run.isRunning).toBe(false);
});
