import { setTimeout as delay } from 'node:timers/promises';

import { Logger } from '@spillway/logger';

const logger = new Logger({ name: 'shop' });
const end = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => end.abort());

for (let order = 1; !end.signal.aborted; order += 1) {
  logger.info('order taken', 'orders', { order, item: 'jam' });
  if (order % 10 === 0) logger.warn('stock is low', 'stock', { item: 'jam', left: order % 7 });
  await delay(200, undefined, { signal: end.signal }).catch(() => undefined);
}
