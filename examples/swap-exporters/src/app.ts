import { Logger } from '@spillway/logger';

const logger = new Logger({ name: 'shop' });
logger.info('order taken', 'orders', { order: 7, item: 'jam' });
logger.warn('stock is low', 'stock', { item: 'jam', left: 3 });
