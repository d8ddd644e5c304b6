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

/** Runs the program of an application in a process of its own. */
async function runScript(url: string, ending: string): Promise<void> {
  const program = `
    import { LoggerProvider } from '@opentelemetry/sdk-logs';
    import { LokiLogRecordExporter } from '@spillway/exporter-loki';
    import { HybridLogRecordProcessor } from '@spillway/processors';
    const exporter = new LokiLogRecordExporter({ url: '${url}' });
    const provider = new LoggerProvider({ processors: [new HybridLogRecordProcessor({ exporter })] });
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
