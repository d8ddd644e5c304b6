import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { checkBoolean, checkFields, checkMethods, checkOptions, severityIndex } from '@spillway/core';

import { consoleLine } from './console-line.ts';
import type { LogHandler } from './log-handler.ts';

type ConsoleMethod = 'debug' | 'info' | 'warn' | 'error';

export interface ConsoleHandlerOptions {
  /**
   * Whether lines have colours.
   * @defaultValue whether what a line goes to is a terminal, unless `FORCE_COLOR` or `NO_COLOR` says otherwise
   */
  readonly colors?: boolean;
  /** What prints the lines, such as one that writes to a file. @defaultValue the global `console`, as it is at each record */
  readonly console?: Pick<Console, ConsoleMethod>;
}

/** By level, from TRACE to FATAL. `console.trace` would add a stack. */
const METHODS: readonly ConsoleMethod[] = ['debug', 'debug', 'info', 'warn', 'error', 'error'];
const METHOD_NAMES: readonly string[] = ['debug', 'info', 'warn', 'error'] satisfies ConsoleMethod[];

/**
 * Prints records for people: one line each, and an exception's stack below it. Control characters are escaped, so that no
 * text can pass for another line or change what the terminal shows.
 *
 * It calls the method of `console` that goes with the level. So in Node WARN and above go to stderr, the others to stdout,
 * and in a browser the levels can be filtered.
 *
 * @throws TypeError where an option is wrong.
 */
export function consoleHandler(options: ConsoleHandlerOptions = {}): LogHandler {
  checkOptions(options);
  checkFields('', options, ['colors', 'console']);
  const { console: given, colors } = options;
  if (given !== undefined) checkMethods('console', given, METHOD_NAMES);
  if (colors !== undefined) checkBoolean('colors', colors);
  const { stdout, stderr } = colorsOf(
    given === undefined ? terminals() : NO_TERMINALS,
    colors ?? colorsByEnvironment(),
  );
  return (record: ReadableLogRecord) => {
    const method = METHODS[severityIndex(record.severityNumber)] as ConsoleMethod;
    const line = consoleLine(record, method === 'warn' || method === 'error' ? stderr : stdout);
    (given ?? console)[method](line);
  };
}

/** Something that is so for each of the two. */
interface PerStream {
  readonly stdout: boolean;
  readonly stderr: boolean;
}

const NO_TERMINALS: PerStream = { stdout: false, stderr: false };

function colorsOf(terminal: PerStream, decided: boolean | undefined): PerStream {
  return decided === undefined ? terminal : { stdout: decided, stderr: decided };
}

/** In a browser there is neither process nor terminal. */
function currentProcess(): Partial<NodeJS.Process> | undefined {
  return (globalThis as { process?: Partial<NodeJS.Process> }).process;
}

function terminals(): PerStream {
  const { stdout, stderr } = currentProcess() ?? {};
  return { stdout: stdout?.isTTY === true, stderr: stderr?.isTTY === true };
}

/** `FORCE_COLOR` goes before `NO_COLOR`, as in Node. An empty `NO_COLOR` says nothing. */
function colorsByEnvironment(): boolean | undefined {
  const { FORCE_COLOR: force, NO_COLOR: no } = currentProcess()?.env ?? {};
  if (force !== undefined) return force !== '0' && force !== 'false';
  return no === undefined || no === '' ? undefined : false;
}
