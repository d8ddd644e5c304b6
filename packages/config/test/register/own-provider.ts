/** An application that makes its provider itself, with or without a crash flush, and ends as it is told. */
import { createLoggerProvider } from '@spillway/config';

const [ending, flushOnCrash] = process.argv.slice(2);

const model = {
  logger_provider: {
    processors: [
      { batch: { schedule_delay: 60_000, exporter: { console: null } } },
      { hybrid: { schedule_delay: 60_000, disable_flush_on_before_exit: true, exporter: { console: null } } },
    ],
  },
};
const provider = createLoggerProvider(model, { flushOnCrash: flushOnCrash === 'true' });
provider.getLogger('application').emit({ severityNumber: 9, body: 'what waits' });

if (ending === 'crash') throw new Error('the application crashed');
if (ending === 'exit') process.exit(3);
if (ending === 'term') {
  setInterval(() => {}, 1000);
  process.kill(process.pid, 'SIGTERM');
}
