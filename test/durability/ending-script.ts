/** An application that logs and ends, in the way that it is told to. */
import { Application } from './application.ts';
import { readOptions } from './application-options.ts';
import { onSaid, tell } from './talk.ts';

const FATAL = 21;
const EXIT_CODE = 3;

const options = readOptions();
const application = new Application(options);
const count = options.count ?? 1;

function live(): void {
  setInterval(() => {}, 60_000);
  onSaid((line) => {
    if (line === 'emit') application.emit(count);
    if (line === 'exit') process.exit(EXIT_CODE);
    tell(`done ${line}`);
  });
  tell('ready');
}

const tasks: Readonly<Record<string, () => unknown>> = {
  'exit at once': () => {
    application.emit(count, FATAL);
    process.exit(EXIT_CODE);
  },
  'throw at once': () => {
    application.emit(count, FATAL);
    throw new Error('broken');
  },
  'reject at once': () => {
    application.emit(count, FATAL);
    void Promise.reject(new Error('broken'));
  },
  'nothing more to do': () => application.emit(count),
  'shut down': async () => {
    application.emit(count);
    await application.provider.shutdown();
    const begin = performance.now();
    application.tellStats();
    process.on('exit', () => tell(`left ${Math.round(performance.now() - begin)}`));
  },
  live: () => {
    application.emit(count);
    live();
  },
  'live and listen': () => {
    application.emit(count);
    process.on('SIGTERM', () => {
      tell('handled');
      setTimeout(() => process.exit(EXIT_CODE), 20);
    });
    live();
  },
};

await tasks[options.task]?.();
