/** What `--help` shows. */
export const HELP = `Checks and prints configuration files of Spillway, and shows a live tail in the terminal.

Usage: npx @spillway/cli <command> [options]

  validate FILE            tells every mistake in a configuration file; nothing is started
  print FILE               prints the file as it is understood: variables filled in, secrets redacted
  schema                   prints the JSON schema of configuration files, for editors
  tail URL                 shows records as they come; URL is the address that the application tells, with its token

Options of validate, print and schema:
  --components MODULE      a module that exports component providers of others, such as ./acme.js; may be repeated

Options of tail:
  --token TOKEN            the token, where it is not in the URL (or SPILLWAY_TAIL_TOKEN, which no list of processes shows)
  --recent N               records of before to show first, 0 and up (default: all that the application keeps)
  --min-severity NAME      trace, debug, info, warn, error or fatal (default: trace)
  --text TEXT              only records with this text in body, event name or a value of an attribute, in any case
  --scope NAME             only records whose instrumentation scope has this in its name, in any case
  --trace ID               only records whose trace id begins so
  --json                   a line of JSON for each record, for jq and the like

  --help                   shows this
  --version                shows the version

Exit code: 0 if all is well, 1 if the file has mistakes or the live tail cannot be read, 2 if the command is wrong.`;
