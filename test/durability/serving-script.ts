/** An application that does what the test says, and delivers what others have left. */
import { Application } from './application.ts';
import { readOptions } from './application-options.ts';
import { onSaid, tell, tellDiag } from './talk.ts';

const options = readOptions();
tellDiag();
const application = new Application(options);
const work = setInterval(() => {}, 60_000);

const tasks: Readonly<Record<string, () => unknown>> = {
  emit: async () => {
    application.emit(options.count ?? 1);
    await application.provider.forceFlush();
  },
  stats: () => application.tellStats(),
  shutdown: async () => {
    clearInterval(work);
    await application.provider.shutdown();
    application.tellStats();
  },
};

onSaid((line) => void Promise.resolve(tasks[line]?.()).then(() => tell(`done ${line}`)));
tell('ready');
