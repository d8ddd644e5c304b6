import { HELP, readArguments, UsageError } from './arguments.ts';
import { runDemo } from './demo.ts';
import { openDisplay } from './display.ts';
import { isClosed } from './summary.ts';

/** Runs the demo and answers with the exit code. */
async function main(): Promise<number> {
  const settings = readArguments(process.argv.slice(2), process.env, process.stdout.isTTY);
  if (settings === undefined) {
    console.log(HELP);
    return 0;
  }
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) {
    // Whoever asks a second time does not want to wait for the table.
    process.on(signal, () => (interrupt.signal.aborted ? process.exit(130) : interrupt.abort()));
  }
  const display = openDisplay(settings.seconds * 1000, process.stdout, process.env);
  const result = await runDemo(settings, display, interrupt.signal);
  display.conclude(result);
  return isClosed(result) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message} Try --help.`);
  process.exitCode = 2;
}
