/** An application whose disk fails: it logs as told, and what reaches it of our errors it tells. */
import { rmSync } from 'node:fs';

import { Application } from './application.ts';
import { readOptions } from './application-options.ts';
import { serve } from './serve.ts';
import { tell, tellDiag } from './talk.ts';

const options = readOptions();
const { directory, count = 1 } = options;

process.on('uncaughtExceptionMonitor', (error) => tell(`uncaught ${error.message}`));
// A limit of the size of files ends a process that does not say that it wants to go on.
process.on('SIGXFSZ', () => {});
tellDiag();
serve(new Application(options), count, { 'remove directory': () => rmSync(directory, { recursive: true }) });
