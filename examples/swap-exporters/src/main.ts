import { readFileSync } from 'node:fs';

import { openLoki, startApp } from '@spillway/example-shared';

import { openOtlpReceiver } from './otlp-receiver.ts';

const FILES = ['to-loki.yaml', 'to-otlp.yaml'] as const;

/** The lines of one file that the other has not. */
function difference(one: string, other: string): string[] {
  const others = new Set(readFileSync(other, 'utf8').split('\n'));
  return readFileSync(one, 'utf8')
    .split('\n')
    .filter((line) => !others.has(line));
}

const loki = await openLoki();
const receiver = await openOtlpReceiver();

const [before, after] = FILES;
console.log(`From ${before} to ${after}:`);
for (const line of difference(before, after)) console.log(`- ${line}`);
for (const line of difference(after, before)) console.log(`+ ${line}`);

for (const file of FILES) {
  console.log(`\nThe app runs with ${file}.`);
  const environment = { SPILLWAY_CONFIG_FILE: file, LOKI_URL: loki.url, OTLP_URL: receiver.url };
  process.exitCode = await startApp(['--import', '@spillway/config/register', './src/app.ts'], environment).ended;
  await loki.printLines('{service_name="shop"}');
  receiver.printRecords();
}
receiver.close();
await loki.close();
