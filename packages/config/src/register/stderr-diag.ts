import { diag, type DiagLogger, DiagLogLevel } from '@opentelemetry/api';

import { isRegistered } from './registered-globals.ts';

const { Console } = process.getBuiltinModule('node:console');

/** What the API says when an application sets a logger of its own, as it may. */
const OVERRIDE_MESSAGE = 'Current logger will be overwritten';

const LEVELS: Readonly<Record<string, DiagLogLevel>> = {
  none: DiagLogLevel.NONE,
  // OpenTelemetry's names of log_level, which has none for "nothing".
  fatal: DiagLogLevel.NONE,
  error: DiagLogLevel.ERROR,
  warn: DiagLogLevel.WARN,
  info: DiagLogLevel.INFO,
  debug: DiagLogLevel.DEBUG,
  verbose: DiagLogLevel.VERBOSE,
  trace: DiagLogLevel.ALL,
  all: DiagLogLevel.ALL,
};

/** A console of its own: that of the application may be patched to make log records of what it writes. */
const output = new Console({ stdout: process.stderr, stderr: process.stderr, ignoreErrors: true });

/** Writes to the error output, which never throws. */
export function sayOnStderr(text: string): void {
  output.error(text);
}

/** OpenTelemetry's diagnostics on the error output. */
export class StderrDiag implements DiagLogger {
  #level: DiagLogLevel;

  constructor(level: string | undefined) {
    this.#level = levelOf(level) ?? DiagLogLevel.WARN;
  }

  /** Begins to get diagnostics, unless somebody else does. */
  install(): void {
    if (!isRegistered('diag')) diag.setLogger(this, { logLevel: DiagLogLevel.ALL });
  }

  /** @param level such as `debug` or `warn2`; what is none changes nothing */
  setLevel(level: string | undefined): void {
    this.#level = levelOf(level) ?? this.#level;
  }

  error(...parts: readonly unknown[]): void {
    this.#write(DiagLogLevel.ERROR, 'ERROR', parts);
  }

  warn(...parts: readonly unknown[]): void {
    if (!String(parts[0]).startsWith(OVERRIDE_MESSAGE)) this.#write(DiagLogLevel.WARN, 'WARN', parts);
  }

  info(...parts: readonly unknown[]): void {
    this.#write(DiagLogLevel.INFO, 'INFO', parts);
  }

  debug(...parts: readonly unknown[]): void {
    this.#write(DiagLogLevel.DEBUG, 'DEBUG', parts);
  }

  verbose(...parts: readonly unknown[]): void {
    this.#write(DiagLogLevel.VERBOSE, 'VERBOSE', parts);
  }

  #write(level: DiagLogLevel, name: string, parts: readonly unknown[]): void {
    if (level <= this.#level) output.error(`OpenTelemetry ${name}`, ...parts);
  }
}

function levelOf(name: string | undefined): DiagLogLevel | undefined {
  return LEVELS[name?.trim().toLowerCase().replace(/\d$/, '') ?? ''];
}
