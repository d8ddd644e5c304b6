import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { ACME, moduleFile } from '../module-file.ts';
import { temporaryFolder, textFile } from '../text-file.ts';
import { type ApplicationEnding, runApplication } from './run-application.ts';

/** Processes take their time on a machine that is busy. */
const TIMEOUT_MILLIS = 30_000;

const CONSOLE = 'file_format: "1.1"\nlogger_provider: {processors: [{simple: {exporter: {console: }}}]}\n';
const FALLBACK = 'Log records go to the console instead.\n';

/** Bodies of the records on the console. */
function bodies({ output }: ApplicationEnding): string[] {
  return [...output.matchAll(/body: '(.*)'/g)].map(([, body = '']) => body);
}

function withFile(text: string, more: Record<string, string> = {}): { readonly environment: Record<string, string> } {
  return { environment: { SPILLWAY_CONFIG_FILE: textFile(text), ...more } };
}

test(
  'records of an application go where the file says, and nothing is said',
  async () => {
    const ending = await runApplication(withFile(CONSOLE));
    expect(bodies(ending)).toEqual(['the first record', 'the last record']);
    expect(ending).toMatchObject({ code: 0, errors: '' });
  },
  TIMEOUT_MILLIS,
);

test.each(['--import', '--require'] as const)(
  'an application in CommonJS is served as well, with %s',
  async (preload) => {
    const ending = await runApplication({ file: 'application.cjs', preload, ...withFile(CONSOLE) });
    expect(bodies(ending)).toEqual(['the first record']);
    expect(ending).toMatchObject({ code: 0, errors: '' });
  },
  TIMEOUT_MILLIS,
);

test.each([
  ['crash', { code: 1, signal: null }],
  ['exit', { code: 3, signal: null }],
  ['term', { code: null, signal: 'SIGTERM' }],
])(
  'records before the end by %s leave, and the end stays what it was',
  async (ending, expected) => {
    const ended = await runApplication({ arguments: [ending], ...withFile(CONSOLE) });
    expect(bodies(ended)).toContain('the first record');
    expect(ended).toMatchObject(expected);
    expect(ended.errors.includes('the application crashed')).toBe(ending === 'crash');
  },
  TIMEOUT_MILLIS,
);

test.each(['end', 'term'])(
  'what waits in a queue is sent before the end by %s',
  async (ending) => {
    const received: string[] = [];
    const server = createServer((request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => received.push(text));
      request.on('end', () => response.end('{}'));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close());
    const file = `
file_format: "1.1"
logger_provider:
  processors:
    - batch:
        schedule_delay: 60000
        exporter:
          otlp_http: { encoding: json, endpoint: "http://127.0.0.1:\${PORT}" }
`;
    const { port } = server.address() as AddressInfo;
    await runApplication({ arguments: [ending], ...withFile(file, { PORT: String(port) }) });
    expect(received.join('')).toContain('the first record');
  },
  TIMEOUT_MILLIS,
);

test(
  'without a file or an exporter it says what to set, and records go to the console',
  async () => {
    const ending = await runApplication({});
    expect(bodies(ending)).toEqual(['the first record', 'the last record']);
    expect(ending.errors).toBe(
      `@spillway/config: Set \`SPILLWAY_CONFIG_FILE\` to the path of a configuration file, or \`SPILLWAY_EXPORTER\` to an exporter.\n${FALLBACK}`,
    );
  },
  TIMEOUT_MILLIS,
);

test(
  'all mistakes of a file are told, and records go to the console',
  async () => {
    const file = textFile('file_format: "1.1"\nlogger_provider: {processors: [{simpel: {}}, {batch: {}}]}\n');
    const ending = await runApplication({ environment: { SPILLWAY_CONFIG_FILE: file } });
    expect(bodies(ending)).toEqual(['the first record', 'the last record']);
    const lines = ending.errors.replaceAll(file, basename(file)).split('\n');
    expect(lines).toEqual([
      '@spillway/config: The configuration has 3 mistakes:',
      expect.stringContaining(
        '  spillway.yaml:2:33: Expected `logger_provider.processors[0].simpel` to be a processor',
      ),
      expect.stringContaining(
        '  spillway.yaml:2:33: Expected `logger_provider.processors[0].simpel.exporter` to be given.',
      ),
      expect.stringContaining(
        '  spillway.yaml:2:47: Expected `logger_provider.processors[1].batch.exporter` to be given.',
      ),
      'Log records go to the console instead.',
      '',
    ]);
    expect(ending.code).toBe(0);
  },
  TIMEOUT_MILLIS,
);

test.each([
  ['a file that is missing', () => '/nowhere/spillway.yaml', 'there is no such file'],
  ['a directory', () => temporaryFolder(), 'it is a directory'],
  ['broken YAML', () => textFile('a: ['), 'The file is not valid YAML'],
  [
    'an exporter with a wrong address',
    () => textFile(CONSOLE.replace('console: ', 'otlp_http: {endpoint: "x:"}')),
    'otlp_http',
  ],
])(
  '%s costs no record',
  async (_name, fileOf, reason) => {
    const ending = await runApplication({ environment: { SPILLWAY_CONFIG_FILE: fileOf() } });
    expect(bodies(ending)).toEqual(['the first record', 'the last record']);
    expect(ending.errors).toContain(reason);
    expect(ending.errors).toContain(FALLBACK);
  },
  TIMEOUT_MILLIS,
);

test(
  'mistakes of the environment name the variable, and records go to the console',
  async () => {
    const ending = await runApplication({ environment: { SPILLWAY_EXPORTER: 'consol' } });
    expect(bodies(ending)).toEqual(['the first record', 'the last record']);
    expect(ending.errors).toMatch(
      /^@spillway\/config: The configuration has a mistake:\n {2}Expected `SPILLWAY_EXPORTER` to be one of /,
    );
    expect(ending.errors).toContain('Did you mean "console"?');
  },
  TIMEOUT_MILLIS,
);

test.each([
  ['a file', () => ({ SPILLWAY_CONFIG_FILE: textFile(CONSOLE.replace('console: ', 'acme: ')) })],
  ['the environment', () => ({ SPILLWAY_EXPORTER: 'acme' })],
])(
  'components of others are there for %s, from the modules that a variable lists',
  async (_name, environmentOf) => {
    const acme = moduleFile(`export const acme = ${ACME};`);
    const more = moduleFile(`exports.more = ${ACME.replace("'acme'", "'more'")};`, 'more.cjs');
    const environment = { SPILLWAY_COMPONENTS: ` ${acme}, ,${more}`, ...environmentOf() };
    const ending = await runApplication({ environment });
    expect(ending).toMatchObject({ code: 0, errors: '' });
    expect(ending.output).toMatch(/^acme has the first record\n/);
  },
  TIMEOUT_MILLIS,
);

test(
  'modules that cannot be loaded are told, and records go to the console',
  async () => {
    const waiting = moduleFile(`export const acme = await Promise.resolve(${ACME});`);
    const ending = await runApplication(withFile(CONSOLE, { SPILLWAY_COMPONENTS: `./missing.js,${waiting}` }));
    expect(bodies(ending)).toEqual(['the first record', 'the last record']);
    expect(ending.errors.split('\n')).toEqual([
      '@spillway/config: The configuration has 2 mistakes:',
      expect.stringContaining('  Expected `./missing.js` to be a module that is found from '),
      `  Expected \`${waiting}\` to be a module without \`await\` at its top level: it is loaded synchronously.`,
      'Log records go to the console instead.',
      '',
    ]);
  },
  TIMEOUT_MILLIS,
);

test.each([
  ['OTEL_SDK_DISABLED', () => ({ environment: { OTEL_SDK_DISABLED: 'True', SPILLWAY_CONFIG_FILE: '/nowhere' } })],
  ['the file', () => withFile('file_format: "1.1"\ndisabled: true\n')],
])(
  'nothing is registered where %s says so',
  async (_name, runOf) => {
    expect(await runApplication(runOf())).toEqual({ code: 0, signal: null, output: '', errors: '' });
  },
  TIMEOUT_MILLIS,
);

test(
  'a provider that is registered already stays, and that is said',
  async () => {
    const run = withFile(CONSOLE, { PROVIDER_FIRST: 'yes' });
    const ending = await runApplication({ first: 'provider-first.ts', ...run });
    expect(ending).toMatchObject({ code: 0, output: '' });
    expect(ending.errors).toBe(
      '@spillway/config: A logger provider is registered already. Log records go there, and the configuration has no effect.\n',
    );
  },
  TIMEOUT_MILLIS,
);

const WARNING = 'no detector `container`';
const WARNED = `${CONSOLE}resource: {detection/development: {detectors: [{container: }]}}\n`;

test(
  'warnings are on the error output, and more of them where the file wants that',
  async () => {
    expect((await runApplication(withFile(WARNED))).errors).toContain(`OpenTelemetry WARN @spillway/config`);
    expect((await runApplication(withFile(WARNED, { OTEL_LOG_LEVEL: 'error' }))).errors).toBe('');
    const debug = await runApplication(withFile(`${CONSOLE}log_level: debug\n`));
    expect(debug.errors).toContain('OpenTelemetry DEBUG');
  },
  TIMEOUT_MILLIS,
);

test(
  'diagnostics of the application are its own, whether set before or after',
  async () => {
    const before = await runApplication({ first: 'provider-first.ts', ...withFile(WARNED) });
    expect(before.output).toContain('first diag: @spillway/config');
    expect(before.output).toContain(WARNING);
    expect(before.errors).toBe('');
    const after = await runApplication({ arguments: ['end', 'own-diag'], ...withFile(CONSOLE) });
    expect(after.output).toContain('own diag: seen by the application');
    expect(after.errors).toBe('');
  },
  TIMEOUT_MILLIS,
);
