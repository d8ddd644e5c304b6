import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

import { type Logger, SeverityNumber } from '@opentelemetry/api';

import { UsageError } from './arguments.ts';
import { formatCount } from './format.ts';
import { pace } from './pace.ts';
import type { Source } from './source.ts';

/** Words that say how severe a line is, in common log formats. */
const LEVEL_WORDS: readonly (readonly [severityNumber: SeverityNumber, words: string])[] = [
  [SeverityNumber.TRACE, 'trace'],
  [SeverityNumber.DEBUG, 'debug'],
  [SeverityNumber.INFO, 'info|information'],
  [SeverityNumber.INFO2, 'notice'],
  [SeverityNumber.WARN, 'warn|warning|fail|failed|failure'],
  [SeverityNumber.ERROR, 'err|error|severe|exception'],
  [SeverityNumber.FATAL, 'crit|critical|fatal|panic|alert|emerg|emergency'],
];
const LEVEL_WORD = new RegExp(`\\b(?:${LEVEL_WORDS.map(([, words]) => `(${words})`).join('|')})\\b`, 'i');

/** Guesses the severity number from the first level word of a line; none where there is no such word. */
export function guessSeverity(line: string): SeverityNumber | undefined {
  const [, ...groups] = LEVEL_WORD.exec(line) ?? [];
  return LEVEL_WORDS[groups.findIndex((group) => group !== undefined)]?.[0];
}

/** The lines of a file, each as a log record of now. */
export class LogFile implements Source {
  readonly serviceName = 'log-file';
  readonly description: string;
  readonly #name: string;
  readonly #lines: readonly string[];
  readonly #rate: number;

  private constructor(name: string, lines: readonly string[], rate: number) {
    this.description = `${name} (${formatCount(lines.length)} lines), ${formatCount(Math.round(rate))} lines/s,`;
    this.#name = name;
    this.#lines = lines;
    this.#rate = rate;
  }

  /**
   * @param rate lines per second; by default the file is spread over `seconds`
   * @throws UsageError where it cannot be read
   */
  static async open(path: string, seconds: number, rate?: number): Promise<LogFile> {
    const lines = splitLines(await readText(path));
    // A little faster than that: a slow machine must not lose the last lines to the end of the time.
    return new LogFile(basename(path), lines, rate ?? Math.max(1, (1.2 * lines.length) / seconds));
  }

  async run(logger: Logger, signal: AbortSignal): Promise<void> {
    const lines = this.#lines.values();
    await pace(this.#rate, signal, () => {
      const { value: line, done } = lines.next();
      if (done === true) return false;
      const severityNumber = guessSeverity(line);
      const attributes = { 'log.file.name': this.#name };
      logger.emit({ body: line, attributes, ...(severityNumber !== undefined && { severityNumber }) });
      return true;
    });
  }
}

/** The lines of a text, without the empty one after the last line break. */
export function splitLines(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`Cannot read the file: ${(error as Error).message}.`, { cause: error });
  }
}
