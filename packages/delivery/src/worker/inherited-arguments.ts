/** Arguments of this process that say how modules and addresses are found. All others are the application's own. */
const INHERITED = /^--(?:conditions|experimental-strip-types|dns-result-order|disable-warning|no-warnings)\b/;

/** Arguments for a worker: never those that load what the application preloads. */
export function inheritedArguments(url: URL): string[] {
  const inherited = process.execArgv.filter((argument) => INHERITED.test(argument) && isComplete(argument));
  // Sources import each other by this condition; only who works on them has them.
  return url.pathname.endsWith('.ts') ? [...inherited, '--conditions=dev'] : inherited;
}

/** One whose value is the next argument cannot be told from a file. */
function isComplete(argument: string): boolean {
  return argument.includes('=') || /^--(?:experimental-strip-types|no-warnings)$/.test(argument);
}
