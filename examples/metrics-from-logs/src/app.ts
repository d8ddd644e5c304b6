import { Logger } from '@spillway/logger';

const logger = new Logger({ name: 'shop' });

for (let order = 1; order <= 100; order += 1) {
  logger.info('order taken', 'orders', { order, duration: order % 10 === 0 ? 1.5 : 0.02 });
  if (order % 25 === 0) logger.warn('stock is low', 'stock', { item: 'jam' });
}

// Prometheus would do this every now and then.
const { PROMETHEUS_PORT = '9464' } = process.env;
const response = await fetch(`http://127.0.0.1:${PROMETHEUS_PORT}/metrics`);
console.log(await response.text());
