/** An application that knows nothing of Spillway: it logs, waits for a word, logs much, and ends in the way that it is told to. */
import { once } from 'node:events';

import { logs } from '@opentelemetry/api';

const [ending, count] = process.argv.slice(2);
const logger = logs.getLogger('application');

logger.emit({ severityNumber: 17, body: 'up' });
await once(process.stdin, 'data');
process.stdin.destroy();

for (let index = 0; index < Number(count); index += 1) logger.emit({ severityNumber: 9, body: `line ${index}` });
if (ending === 'throw') throw new Error('the application broke');
if (ending === 'exit') process.exit(3);
if (ending === 'SIGTERM') {
  setInterval(() => {}, 60_000);
  process.kill(process.pid, 'SIGTERM');
}
