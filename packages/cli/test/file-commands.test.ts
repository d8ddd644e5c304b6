import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import { run } from '../src/run.ts';
import { fakeTerminal } from './fake-terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function runWith(...args: string[]): Promise<{ code: number; shown: string; said: string }> {
  const terminal = fakeTerminal();
  const code = await run(args, {}, terminal);
  return { code, shown: terminal.shown(), said: terminal.said() };
}

const GOOD = `
file_format: "1.1"
logger_provider:
  processors:
    - hybrid:
        exporter:
          loki:
            endpoint: http://127.0.0.1:3100
            headers:
              - name: x-secret
                value: hush
`;
const BAD = `
file_format: "1.1"
logger_provider:
  processors:
    - hybird:
        exporter:
          console:
    - hybrid:
        max_queue_size: many
        exporter:
          console:
`;
const ACME = `
file_format: "1.1"
logger_provider:
  processors:
    - simple:
        exporter:
          acme:
            colour: red
`;
const ACME_MODULE = `
export const acme = {
  type: 'LogRecordExporter',
  name: 'acme',
  schema: { type: 'object', properties: { colour: { enum: ['red'] } } },
  createComponent() { throw new Error('nothing is made'); },
};
export const more = [acme];
export const somethingElse = 7;
`;

describe('validate', () => {
  it('says that a good file has no mistakes, and starts nothing', async () => {
    const path = file('good.yaml', GOOD);
    expect(await runWith('validate', path)).toEqual({ code: 0, shown: `${path}: no mistakes\n`, said: '' });
  });

  it('tells every mistake where it is, and fails', async () => {
    const path = file('bad.yaml', BAD);
    const { code, shown } = await runWith('validate', path);
    expect(code).toBe(1);
    expect(shown.split('\n')).toEqual([
      expect.stringMatching(/bad\.yaml:5:7: .*`logger_provider\.processors\[0\]\.hybird`.*Did you mean `hybrid`\?$/),
      expect.stringMatching(/bad\.yaml:9:25: .*max_queue_size` to be an integer from 1 .*got `many` \(string\)\.$/),
      '',
    ]);
  });

  it('says what is wrong with a file that is not there', async () => {
    const { code, shown } = await runWith('validate', join(folder, 'none.yaml'));
    expect(code).toBe(1);
    expect(shown).toContain('none.yaml');
  });

  it('knows the components of modules that it is told of', async () => {
    const path = file('acme.yaml', ACME);
    const module = file('acme.mjs', ACME_MODULE);
    expect((await runWith('validate', path)).code).toBe(1);
    expect(await runWith('validate', path, '--components', module)).toMatchObject({ code: 0 });
  });

  it('refuses modules that cannot be loaded or have no components', async () => {
    const path = file('good2.yaml', GOOD);
    const missing = await runWith('validate', path, '--components', './missing.js');
    expect(missing.code).toBe(2);
    expect(missing.said).toMatch(/^Expected `\.\/missing\.js` to be a module that is found from /);
    const empty = file('empty.mjs', 'export const nothing = {};');
    expect((await runWith('validate', path, '--components', empty)).said).toMatch(
      /to be a module that exports component/,
    );
  });
});

describe('print', () => {
  it('prints what is understood, without secrets, in a form that is valid again', async () => {
    const { code, shown } = await runWith('print', file('secret.yaml', GOOD));
    expect(code).toBe(0);
    expect(shown).toContain('endpoint: http://127.0.0.1:3100');
    expect(shown).toContain('x-secret');
    expect(shown).not.toContain('hush');
    expect(await runWith('validate', file('printed.yaml', shown))).toMatchObject({ code: 0 });
  });

  it('prints nothing of a file with mistakes, and tells them', async () => {
    const { code, shown, said } = await runWith('print', file('bad2.yaml', BAD));
    expect(code).toBe(1);
    expect(shown).toBe('');
    expect(said).toContain('Did you mean `hybrid`?');
  });
});

describe('schema', () => {
  it('prints the JSON schema, with the components of modules', async () => {
    const { code, shown } = await runWith('schema', '--components', file('acme2.mjs', ACME_MODULE));
    expect(code).toBe(0);
    const { $defs } = JSON.parse(shown) as { $defs: { LogRecordExporter: { properties: object } } };
    expect(Object.keys($defs.LogRecordExporter.properties)).toEqual(
      expect.arrayContaining(['loki', 'acme', 'console']),
    );
  });
});

describe('a command', () => {
  it('that is wrong says so, and points to the help', async () => {
    expect(await runWith('vaildate')).toEqual({
      code: 2,
      shown: '',
      said: 'Expected a command: validate, print, schema or tail, got `vaildate`. Try --help.\n',
    });
  });

  it('shows help and version', async () => {
    expect((await runWith('--help')).shown).toContain('validate FILE');
    expect((await runWith('--version')).shown).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
