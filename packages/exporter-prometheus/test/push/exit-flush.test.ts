import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { PrometheusLogRecordExporter } from '../../src/prometheus-log-record-exporter.ts';
import { logRecord } from '../store/log-record.ts';
import { GatewayStandIn } from './gateway-stand-in.ts';

const SCRIPT = fileURLToPath(new URL('exit-script.ts', import.meta.url));
const TIMEOUT_MILLIS = 20_000;

let gateway: GatewayStandIn;

beforeEach(async () => {
  gateway = new GatewayStandIn();
  await gateway.start();
});
afterEach(async () => {
  expect(gateway.complaints).toEqual([]);
  await gateway.close();
});

interface ScriptEnd {
  /** How pushing went. */
  readonly pushes: unknown;
  readonly stderr: string;
  readonly code: unknown;
}

/** Runs the script in a process of its own until that has ended by itself. */
async function runScript(scenario: string, url = gateway.url): Promise<ScriptEnd> {
  const run = promisify(execFile)(process.execPath, ['--conditions=dev', SCRIPT, scenario, url], {
    timeout: TIMEOUT_MILLIS,
  });
  const { stdout, stderr, code } = await run.then(
    (output) => ({ ...output, code: 0 }),
    (error: { stdout: string; stderr: string; code: unknown }) => error,
  );
  return { pushes: stdout === '' ? undefined : JSON.parse(stdout), stderr, code };
}

function pushedRows(): (string | undefined)[] {
  return gateway.requests.map(({ body }) => /^rows_total (\d+)$/m.exec(body)?.[1]);
}

/** What Node does when its event loop runs empty, for the listener of this project alone. */
function runEmpty(): void {
  process.listeners('beforeExit').at(-1)?.(0);
}

describe('at the end of a script', () => {
  it.each([
    ['without a flush and a shutdown the last values are pushed', 'counted', ['3']],
    ['what comes when nothing seemed to be left is pushed as well', 'late', ['3', '4']],
    ['nothing is pushed again after a flush', 'flushed', ['3']],
    ['nothing is pushed again after a shutdown', 'shut down', ['3']],
    ['nothing is pushed where nothing was logged', 'nothing', []],
  ])(
    '%s',
    async (_what, scenario, rows) => {
      expect(await runScript(scenario)).toEqual({
        pushes: { succeeded: rows.length, failed: 0, running: 0 },
        stderr: '',
        code: 0,
      });
      expect(pushedRows()).toEqual(rows);
    },
    TIMEOUT_MILLIS,
  );

  it(
    'a Pushgateway that cannot be reached is tried once, and the script ends as it would have',
    async () => {
      const closed = new GatewayStandIn();
      await closed.start();
      const { url } = closed;
      await closed.close();
      expect(await runScript('counted', url)).toEqual({
        pushes: { succeeded: 0, failed: 1, running: 0 },
        stderr: '',
        code: 0,
      });
    },
    TIMEOUT_MILLIS,
  );

  it(
    'a Pushgateway that never answers costs no more than the budget',
    async () => {
      gateway.reply({ status: 200, when: new Promise(() => {}) });
      expect(await runScript('silent')).toEqual({
        pushes: { succeeded: 0, failed: 1, running: 0 },
        stderr: '',
        code: 0,
      });
    },
    TIMEOUT_MILLIS,
  );
});

describe('an exporter', () => {
  it('pushes when the event loop runs empty, each time that something has come, and not after its shutdown', async () => {
    const before = process.listenerCount('beforeExit');
    const exporter = new PrometheusLogRecordExporter({ pushgateway: { url: gateway.url, job: 'job' } });
    expect(process.listenerCount('beforeExit')).toBe(before + 1);
    runEmpty();
    exporter.export([logRecord()], () => {});
    runEmpty();
    runEmpty();
    await gateway.received(1);
    exporter.export([logRecord()], () => {});
    await exporter.forceFlush();
    runEmpty();
    await exporter.shutdown();
    expect(gateway.requests).toHaveLength(3);
    expect(process.listenerCount('beforeExit')).toBe(before);
  });

  it('listens to nothing where it pushes to nobody', () => {
    const before = process.listenerCount('beforeExit');
    const exporter = new PrometheusLogRecordExporter();
    expect(process.listenerCount('beforeExit')).toBe(before);
    exporter.export([logRecord()], () => {});
  });
});
