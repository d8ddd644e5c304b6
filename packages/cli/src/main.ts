#!/usr/bin/env node
import { run } from './run.ts';

const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.abort());
// Whoever read the output has gone, as `head` does.
process.stdout.on('error', () => process.exit(0));

process.exitCode = await run(process.argv.slice(2), process.env, {
  out: process.stdout,
  err: process.stderr,
  signal: ended.signal,
});
