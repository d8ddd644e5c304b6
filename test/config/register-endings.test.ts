import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

import { GENEROUS_LIMITS } from '../e2e/pipeline.ts';
import { LokiStandIn } from '../loki/index.ts';

const APPLICATION = fileURLToPath(new URL('ending-application.ts', import.meta.url));
const TIMEOUT_MILLIS = 60_000;
/** Several batches of the hybrid processor, and one that is not full. */
const COUNT = 1200;

/** `register` told by variables alone, with an outbox in a file, and by the file that the README begins with. */
const SETUPS: Readonly<Record<string, (url: string, folder: string) => Record<string, string>>> = {
  variables: (url) => ({ SPILLWAY_EXPORTER: 'loki', SPILLWAY_ENDPOINT: url }),
  'variables, with an outbox': (url, folder) => ({
    SPILLWAY_EXPORTER: 'loki',
    SPILLWAY_ENDPOINT: url,
    SPILLWAY_OUTBOX_DIRECTORY: join(folder, 'outbox'),
  }),
  'a file': (url, folder) => {
    const file = join(folder, 'spillway.yaml');
    const exporter = 'loki: { endpoint: "${LOKI_URL}", worker: true }';
    writeFileSync(
      file,
      `file_format: "1.1"\nlogger_provider: { processors: [{ hybrid: { exporter: { ${exporter} } } }] }\n`,
    );
    return { SPILLWAY_CONFIG_FILE: file, LOKI_URL: url };
  },
};

const ENDINGS = {
  'nothing more to do': { code: 0, signal: null },
  exit: { code: 3, signal: null },
  throw: { code: 1, signal: null },
  SIGTERM: { code: null, signal: 'SIGTERM' },
};

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-register-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs the application until it has ended, and tells it to once its first record has arrived: by then its worker is there. */
async function runApplication(
  loki: LokiStandIn,
  environment: Readonly<Record<string, string>>,
  ending: string,
): Promise<{ code: unknown; signal: unknown; errors: string }> {
  const options = [
    '--conditions=dev',
    '--disable-warning=ExperimentalWarning',
    '--import',
    '@spillway/config/register',
  ];
  const child = spawn(process.execPath, [...options, APPLICATION, ending, String(COUNT)], {
    cwd: import.meta.dirname,
    env: { PATH: process.env['PATH'] ?? '', NODE_OPTIONS: '', ...environment },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const closed = once(child, 'close');
  await expect.poll(() => loki.entries().length, { timeout: TIMEOUT_MILLIS, interval: 10 }).toBe(1);
  child.stdin.write('end\n');
  const [code, signal] = await closed;
  return { code, signal, errors };
}

test.each(
  Object.keys(SETUPS).flatMap((setup) =>
    Object.entries(ENDINGS).map(([ending, expected]) => [setup, ending, expected] as const),
  ),
)(
  'with register, set up by %s, every record arrives though the application ends by %s',
  async (setup, ending, expected) => {
    const loki = new LokiStandIn(GENEROUS_LIMITS);
    await loki.start();
    onTestFinished(() => loki.close());
    const { errors, ...end } = await runApplication(loki, SETUPS[setup]?.(loki.url, temporaryFolder()) ?? {}, ending);
    expect(end).toEqual(expected);
    expect(errors.includes('the application broke')).toBe(ending === 'throw');
    const lines = Array.from({ length: COUNT }, (_, index) => `line ${index}`);
    expect(
      loki
        .entries()
        .map(({ line }) => line)
        .toSorted(),
    ).toEqual(['up', ...lines].toSorted());
  },
  TIMEOUT_MILLIS,
);
