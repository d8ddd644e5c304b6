import { lowestSeverity, SEVERITY_NAMES } from '@spillway/core';
import type { RecordCriteria } from '@spillway/exporter-live-tail/live-tail-client';

import { UsageError } from './usage-error.ts';

const { parseArgs } = process.getBuiltinModule('node:util');

/** What the command line asks for. */
export type Command =
  | { readonly name: 'help' | 'version' }
  | { readonly name: 'validate' | 'print'; readonly file: string; readonly components: readonly string[] }
  | { readonly name: 'schema'; readonly components: readonly string[] }
  | TailCommand;

/** Asks for a live tail. */
export interface TailCommand {
  readonly name: 'tail';
  /** Without the token. */
  readonly url: URL;
  readonly token: string | undefined;
  /** Records of before; undefined for all that are kept. */
  readonly recent: number | undefined;
  /** Which records are shown. */
  readonly criteria: RecordCriteria;
  /** Whether records are printed as JSON. */
  readonly json: boolean;
}

type Values = ReturnType<typeof parse>['values'];
type Environment = Readonly<Record<string, string | undefined>>;

const COMMON = { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'v' } } as const;
const OF_FILES = ['components'];
const OF_TAIL = ['token', 'recent', 'min-severity', 'text', 'scope', 'trace', 'json'];

/** Reads the command line. @throws UsageError */
export function readCommand(args: readonly string[], environment: Environment): Command {
  const { values, positionals } = parse(args);
  if (values.help === true) return { name: 'help' };
  if (values.version === true) return { name: 'version' };
  const [name, ...operands] = positionals;
  switch (name) {
    case undefined:
      throw new UsageError('Expected a command: validate, print, schema or tail.');
    case 'validate':
    case 'print':
      checkUse(name, values, OF_FILES);
      return { name, file: onlyOperand(name, 'a FILE', operands), components: values.components ?? [] };
    case 'schema':
      checkUse(name, values, OF_FILES);
      if (operands.length > 0) throw new UsageError('Expected nothing after `schema`.');
      return { name, components: values.components ?? [] };
    case 'tail':
      checkUse(name, values, OF_TAIL);
      return readTail(onlyOperand(name, 'a URL', operands), values, environment);
    default:
      throw new UsageError(`Expected a command: validate, print, schema or tail, got \`${name}\`.`);
  }
}

// The type of what it returns is that of the table of options.
function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...COMMON,
        components: { type: 'string', multiple: true },
        token: { type: 'string' },
        recent: { type: 'string' },
        'min-severity': { type: 'string' },
        text: { type: 'string' },
        scope: { type: 'string' },
        trace: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
  } catch (error) {
    // Its first sentence names the option; the others explain how to write positional arguments that look like one.
    const [sentence = ''] = (error as Error).message.split('. ');
    throw new UsageError(`${sentence.replace(/\.$/, '')}.`, { cause: error });
  }
}

function checkUse(command: string, values: Values, allowed: readonly string[]): void {
  const wrong = Object.keys(values).find((option) => !allowed.includes(option));
  if (wrong !== undefined) throw new UsageError(`Expected no \`--${wrong}\` with \`${command}\`.`);
}

function onlyOperand(command: string, what: string, operands: readonly string[]): string {
  const [operand] = operands;
  if (operand !== undefined && operands.length === 1) return operand;
  throw new UsageError(`Expected ${what} after \`${command}\`, and nothing else.`);
}

function readTail(address: string, values: Values, environment: Environment): Command {
  const url = URL.parse(address);
  // Never shown: it may hold the token.
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new UsageError('Expected the URL to be an http or https address, such as http://127.0.0.1:9465/#token=....');
  }
  const inUrl = new URLSearchParams(url.hash.slice(1)).get('token') ?? undefined;
  url.hash = '';
  return {
    name: 'tail',
    url,
    token: values.token ?? inUrl ?? environment['SPILLWAY_TAIL_TOKEN'],
    recent: readRecent(values.recent),
    criteria: {
      minSeverity: readSeverity(values['min-severity']),
      text: values.text ?? '',
      scope: values.scope ?? '',
      traceId: values.trace ?? '',
    },
    json: values.json ?? false,
  };
}

function readRecent(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`Expected \`--recent\` to be a number from 0 and up, got \`${text}\`.`);
}

function readSeverity(name = 'trace'): number {
  const severity = SEVERITY_NAMES.find((known) => known === name.toUpperCase());
  if (severity !== undefined) return lowestSeverity(severity);
  const names = SEVERITY_NAMES.join(', ').toLowerCase();
  throw new UsageError(`Expected \`--min-severity\` to be one of ${names}, got \`${name}\`.`);
}
