import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';

import { LokiStandIn } from '../loki/index.ts';

const run = promisify(execFile);
const TIMEOUT_MILLIS = 20_000;

async function startLoki(): Promise<LokiStandIn> {
  const loki = new LokiStandIn();
  await loki.start();
  onTestFinished(() => loki.close());
  return loki;
}

/** Runs the program of an application in a process of its own. `wrap` puts something before its hybrid processor. */
async function runScript(url: string, ending: string, wrap = 'hybrid'): Promise<void> {
  const program = `
    import { LoggerProvider } from '@opentelemetry/sdk-logs';
    import { LokiLogRecordExporter } from '@spillway/exporter-loki';
    import { BurstDropLogRecordProcessor, HybridLogRecordProcessor } from '@spillway/processors';
    const hybrid = new HybridLogRecordProcessor({ exporter: new LokiLogRecordExporter({ url: '${url}' }) });
    const provider = new LoggerProvider({ processors: [${wrap}] });
    for (let index = 0; index < 700; index += 1) provider.getLogger('script').emit({ body: 'line ' + index });
    ${ending}`;
  const options = { cwd: import.meta.dirname, timeout: TIMEOUT_MILLIS };
  await run(process.execPath, ['--conditions=dev', '--input-type=module', '--eval', program], options);
}

describe('a script that ends', () => {
  it('sends its last records though it never asks for a flush', async () => {
    const loki = await startLoki();
    await runScript(loki.url, '');
    expect(loki.entries().length).toBe(700);
  });

  it('tells how many it suppressed though it never asks for a flush', async () => {
    const loki = await startLoki();
    const limit = '{ delegate: hybrid, minIntervalMillis: 60_000, key: () => "all" }';
    await runScript(loki.url, '', `new BurstDropLogRecordProcessor(${limit})`);
    const [first, summary] = loki.entries();
    expect(loki.entries()).toHaveLength(2);
    expect(first?.line).toBe('line 0');
    expect(summary).toMatchObject({ line: 'line 1', metadata: { log_count: '699' } });
  });

  it('ends by itself after a shutdown', async () => {
    const loki = await startLoki();
    await runScript(loki.url, 'await provider.shutdown();');
    expect(loki.entries().length).toBe(700);
  });

  it('ends though nobody takes its records', async () => {
    const loki = await startLoki();
    await loki.refuseConnections();
    await runScript(loki.url, '');
    expect(loki.entries().length).toBe(0);
  });
});
