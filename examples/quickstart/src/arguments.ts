import { parseArgs } from 'node:util';

/** What the demo was asked to do. */
export interface Settings {
  /** Seconds of traffic. */
  readonly seconds: number;
  /** Requests or lines per second; undefined leaves it to the source of the traffic. */
  readonly rate: number | undefined;
  /** Seconds that the live page has to be opened in, before the traffic begins without it. */
  readonly waitSeconds: number;
  /** Log file to feed in place of generated traffic. */
  readonly file: string | undefined;
  /** A real Loki; undefined for the embedded stand-in. */
  readonly lokiUrl: URL | undefined;
}

/** A mistake on the command line, to be shown as it is. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const HELP = `Shows the logs of a small HTTP service on a live page and sends them to Loki, takes Loki away for a while,
and accounts for every record.

Usage: npx --yes pnpm@12 demo [options]

  --seconds N   seconds of traffic, 2 to 3600 (default 15); the outage takes 5 of them, or a third of fewer than 15
  --rate N      requests per second, or lines of the file per second, 1 to 20000
                (default 400 requests; a file is spread over the whole time)
  --wait N      seconds to wait for the live page to be opened before the traffic, 0 to 3600
                (default 30 in a terminal, 0 elsewhere and in CI)
  --file PATH   feeds the lines of a log file, one record each, in place of generated traffic
  --help        shows this

Environment:
  LOKI_URL      a Loki to send to, such as http://127.0.0.1:3100 (default: a stand-in within this process)
  CI, NO_COLOR  plain lines of text, as where the output is no terminal

Exit code: 0 if every record is accounted for, 1 if not, 2 if the arguments are wrong.`;

/** Reads the command line; undefined where help was asked for. @throws UsageError */
export function readArguments(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  isTerminal = false,
): Settings | undefined {
  const values = parse(args);
  if (values.help === true) return undefined;
  return {
    seconds: readNumber('--seconds', values.seconds, 2, 3600) ?? 15,
    rate: readNumber('--rate', values.rate, 1, 20_000),
    waitSeconds: readNumber('--wait', values.wait, 0, 3600) ?? (isTerminal && !isSet(environment['CI']) ? 30 : 0),
    file: values.file,
    lokiUrl: readUrl('LOKI_URL', environment['LOKI_URL']),
  };
}

function parse(
  args: readonly string[],
): Partial<Record<'seconds' | 'rate' | 'wait' | 'file', string>> & { help?: boolean } {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seconds: { type: 'string' },
        rate: { type: 'string' },
        wait: { type: 'string' },
        file: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    // Its first sentence names the option; the others explain how to escape positional arguments, of which there are none.
    const [sentence] = (error as Error).message.split('. ');
    throw new UsageError(`${sentence?.replace(/\.$/, '')}.`, { cause: error });
  }
}

function readNumber(name: string, text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && value >= min && value <= max) return value;
  throw new UsageError(`Expected \`${name}\` to be a number from ${min} to ${max}, got \`${text}\`.`);
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '';

/** The value itself is never shown: it may hold a password. */
function readUrl(name: string, text: string | undefined): URL | undefined {
  if (text === undefined || text === '') return undefined;
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return url;
  throw new UsageError(
    `Expected \`${name}\` to be an http or https URL without user and password, such as http://127.0.0.1:3100.`,
  );
}
