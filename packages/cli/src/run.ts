import { readCommand } from './command-line.ts';
import { print, schema, validate } from './file-commands.ts';
import { HELP } from './help.ts';
import { tail } from './tail-command.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

const { readFileSync } = process.getBuiltinModule('node:fs');

type Environment = Readonly<Record<string, string | undefined>>;

/** Does what the command line asks for. Answers with the exit code. */
export async function run(args: readonly string[], environment: Environment, terminal: Terminal): Promise<number> {
  try {
    return await execute(args, environment, terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.err.write(`${error.message} Try --help.\n`);
    return 2;
  }
}

function execute(args: readonly string[], environment: Environment, terminal: Terminal): number | Promise<number> {
  const command = readCommand(args, environment);
  switch (command.name) {
    case 'validate':
      return validate(command, terminal);
    case 'print':
      return print(command, terminal);
    case 'schema':
      return schema(command.components, terminal);
    case 'tail':
      return tail(command, terminal);
    default:
      terminal.out.write(`${command.name === 'help' ? HELP : version()}\n`);
      return 0;
  }
}

function version(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
