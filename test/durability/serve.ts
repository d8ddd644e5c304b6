import type { Application } from './application.ts';
import { onSaid, tell } from './talk.ts';

type Tasks = Readonly<Record<string, () => unknown>>;

/** Does what the test says, until it says `shutdown`: to emit so many records, to tell the account, and more. */
export function serve(application: Application, count: number, more: Tasks = {}): void {
  const work = setInterval(() => {}, 60_000);
  const tasks: Tasks = {
    emit: async () => {
      application.emit(count);
      await application.provider.forceFlush();
    },
    stats: () => application.tellStats(),
    shutdown: async () => {
      clearInterval(work);
      await application.provider.shutdown();
      application.tellStats();
    },
    ...more,
  };
  onSaid((line) => void Promise.resolve(tasks[line]?.()).then(() => tell(`done ${line}`)));
  tell('ready');
}
