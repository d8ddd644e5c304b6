import { HELP, readArguments, UsageError } from './arguments.ts';
import { runDemo } from './demo.ts';
import { openDisplay } from './display.ts';
import { finalTable, isClosed } from './summary.ts';

/** Runs the demo and answers with the exit code. */
async function main(): Promise<number> {
  const settings = readArguments(process.argv.slice(2), process.env);
  if (settings === undefined) {
    console.log(HELP);
    return 0;
  }
  const interrupt = new AbortController();
  // Once each: whoever asks a second time does not want to wait for the table.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interrupt.abort());
  const result = await runDemo(settings, openDisplay(process.stdout, process.env), interrupt.signal);
  console.log(`\n${finalTable(result)}`);
  return isClosed(result) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message} Try --help.`);
  process.exitCode = 2;
}
