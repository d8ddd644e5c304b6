import { Logger } from '@spillway/logger';

const logger = new Logger({ name: 'shop' });

// A page is a request, which takes its time. Without a listener Node prints the error and ends the process at once.
process.once('uncaughtException', async (error) => {
  console.error(String(error));
  logger.fatal('orders are no longer taken', 'orders', { error });
  await logger.forceFlush({ timeoutMillis: 5000 });
  process.exit(1);
});

logger.info('order taken', 'orders', { order: 7 });
logger.error('order refused', 'orders', { order: 8 });
setImmediate(() => {
  throw new RangeError('there is no till 3');
});
