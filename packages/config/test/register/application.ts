import { diag, logs } from '@opentelemetry/api';

const [ending = 'end', ...options] = process.argv.slice(2);

if (options.includes('own-diag')) {
  diag.setLogger({
    error: (...parts) => process.stdout.write(`own diag: ${parts.join(' ')}\n`),
    warn: (...parts) => process.stdout.write(`own diag: ${parts.join(' ')}\n`),
    info() {},
    debug() {},
    verbose() {},
  });
  diag.warn('seen by the application');
}

const logger = logs.getLogger('application');
logger.emit({ severityNumber: 9, body: 'the first record' });
process.on('exit', () => logger.emit({ severityNumber: 9, body: 'the last record' }));

if (ending === 'crash') throw new Error('the application crashed');
if (ending === 'exit') process.exit(3);
if (ending === 'term') {
  setInterval(() => {}, 1000);
  process.kill(process.pid, 'SIGTERM');
}
