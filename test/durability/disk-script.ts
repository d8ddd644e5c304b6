/** An application whose disk fails: it logs as told, and what reaches it of our errors it tells. */
import { rmSync } from 'node:fs';

import { Application } from './application.ts';
import { readOptions } from './application-options.ts';
import { onSaid, tell, tellDiag } from './talk.ts';

const options = readOptions();
const { directory, count = 1 } = options;

process.on('uncaughtExceptionMonitor', (error) => tell(`uncaught ${error.message}`));
// A limit of the size of files ends a process that does not say that it wants to go on.
process.on('SIGXFSZ', () => {});
tellDiag();
const application = new Application(options);
const work = setInterval(() => {}, 60_000);

const tasks: Readonly<Record<string, () => unknown>> = {
  emit: async () => {
    application.emit(count);
    await application.provider.forceFlush();
  },
  'remove directory': () => rmSync(directory, { recursive: true }),
  stats: () => application.tellStats(),
  shutdown: async () => {
    clearInterval(work);
    await application.provider.shutdown();
    application.tellStats();
  },
};

onSaid((line) => void Promise.resolve(tasks[line]?.()).then(() => tell(`done ${line}`)));
tell('ready');
