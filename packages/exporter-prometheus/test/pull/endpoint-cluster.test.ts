import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const EXPORTER = JSON.stringify(new URL('../../src/index.ts', import.meta.url));

const WORKER = `
  import { PrometheusLogRecordExporter } from ${EXPORTER};
  const exporter = new PrometheusLogRecordExporter({ endpoint: { port: Number(process.env.PORT) } });
  exporter.listening().then(({ port }) => process.send({ port }), ({ code }) => process.send({ code }));`;

/** One worker after the other, at a port that is free. */
const PRIMARY = `
  import cluster from 'node:cluster';
  import { once } from 'node:events';
  import { createServer } from 'node:net';
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const PORT = probe.address().port;
  await once(probe.close(), 'close');
  const execArgv = ['--conditions=dev', '--input-type=module', '--eval', ${JSON.stringify(WORKER)}];
  cluster.setupPrimary({ exec: 'worker', execArgv });
  const [first] = await once(cluster.fork({ PORT }), 'message');
  const [second] = await once(cluster.fork({ PORT }), 'message');
  console.log(first.port === PORT, second.code);
  process.exit();`;

it('is the port of one worker of a cluster alone, since each counts for itself', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', PRIMARY], {
    timeout: 20_000,
  });
  expect(stdout).toBe('true EADDRINUSE\n');
});
