import { describe, expect, it } from 'vitest';

import { readCommand } from '../src/command-line.ts';
import { UsageError } from '../src/usage-error.ts';

function read(line: string, environment: Record<string, string> = {}): ReturnType<typeof readCommand> {
  const words = line.split(' ').filter((word) => word !== '');
  return readCommand(words, environment);
}

describe('the command line', () => {
  it('asks for help or the version, whatever else it says', () => {
    expect(read('--help')).toEqual({ name: 'help' });
    expect(read('validate -h')).toEqual({ name: 'help' });
    expect(read('-v')).toEqual({ name: 'version' });
  });

  it('validates or prints one file, with components of others', () => {
    expect(read('validate a.yaml')).toEqual({ name: 'validate', file: 'a.yaml', components: [] });
    expect(read('print a.yaml --components ./x.js --components y')).toEqual({
      name: 'print',
      file: 'a.yaml',
      components: ['./x.js', 'y'],
    });
    expect(read('schema')).toEqual({ name: 'schema', components: [] });
  });

  it('takes the token of a live tail from the URL, and never leaves it there', () => {
    const command = read('tail http://127.0.0.1:9465/logs/#token=abc');
    expect(command).toMatchObject({ name: 'tail', token: 'abc', json: false });
    expect(String((command as { url: URL }).url)).toBe('http://127.0.0.1:9465/logs/');
  });

  it('prefers a token of its own, and takes one of the environment where there is no other', () => {
    const environment = { SPILLWAY_TAIL_TOKEN: 'env' };
    expect(read('tail http://h/#token=url --token own', environment)).toMatchObject({ token: 'own' });
    expect(read('tail http://h/#token=url', environment)).toMatchObject({ token: 'url' });
    expect(read('tail http://h/', environment)).toMatchObject({ token: 'env' });
    expect(read('tail http://h/')).toMatchObject({ token: undefined });
  });

  it('reads the filters of a live tail', () => {
    expect(read('tail http://h --min-severity WARN --text x --scope s --trace AB --recent 5 --json')).toMatchObject({
      criteria: { minSeverity: 13, text: 'x', scope: 's', traceId: 'AB' },
      recent: 5,
      json: true,
    });
    expect(read('tail http://h')).toMatchObject({ criteria: { minSeverity: 1 }, recent: undefined });
  });

  it.each([
    ['', 'Expected a command: validate, print, schema or tail.'],
    ['vaildate x', 'Expected a command: validate, print, schema or tail, got `vaildate`.'],
    ['validate', 'Expected a FILE after `validate`, and nothing else.'],
    ['print a b', 'Expected a FILE after `print`, and nothing else.'],
    ['schema a', 'Expected nothing after `schema`.'],
    ['validate a --json', 'Expected no `--json` with `validate`.'],
    ['tail http://h --components x', 'Expected no `--components` with `tail`.'],
    ['tail http://h --recent 1.5', 'Expected `--recent` to be a number from 0 and up, got `1.5`.'],
    [
      'tail http://h --min-severity loud',
      'Expected `--min-severity` to be one of trace, debug, info, warn, error, fatal, got `loud`.',
    ],
    ['tail', 'Expected a URL after `tail`, and nothing else.'],
    ['validate a --frobnicate', "Unknown option '--frobnicate'."],
  ])('refuses `%s`', (line, message) => {
    expect(() => read(line)).toThrow(new UsageError(message));
  });

  it.each(['nothing', 'ftp://h/#token=secret', 'http://user:secret@h/'])('never shows a wrong URL: %s', (url) => {
    expect(() => read(`tail ${url}`)).toThrow(/^Expected the URL to be an http or https address/);
    expect(() => read(`tail ${url}`)).not.toThrow(/secret/);
  });
});
