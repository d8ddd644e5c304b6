/** An application whose credentials change all the time, and take their time to be had. */
import { flushOnCrash } from '@spillway/delivery';

import { Application } from './application.ts';
import { readOptions } from './application-options.ts';
import { onSaid, tell } from './talk.ts';

const options = readOptions();
let asked = 0;

async function nextToken(): Promise<string> {
  asked += 1;
  const token = `secret-token-${asked}`;
  await new Promise((resolve) => setImmediate(resolve));
  return token;
}

const application = new Application(options, {
  bearerToken: nextToken,
  headers: { 'x-secret': 'secret-header' },
  tenantId: 'tenant',
});
flushOnCrash({ processors: [application.hybrid], timeoutMillis: 2000 });
const work = setInterval(() => {}, 60_000);

const tasks: Readonly<Record<string, () => unknown>> = {
  emit: async () => {
    application.emit(options.count ?? 1);
    await application.provider.forceFlush();
  },
  'emit and exit': () => {
    tell(`asked ${asked}`);
    application.emit(options.count ?? 1, 21);
    process.exit(3);
  },
  shutdown: async () => {
    clearInterval(work);
    await application.provider.shutdown();
  },
};

onSaid((line) => void Promise.resolve(tasks[line]?.()).then(() => tell(`done ${line}`)));
tell('ready');
