import winston from 'winston';

const logger = winston.createLogger({ transports: [new winston.transports.Console()] });

logger.info('shop opened', { tills: 2 });
const till = logger.child({ till: 1 });
till.warn('stock is low', { item: 'jam', left: 3 });
try {
  JSON.parse('{');
} catch (error) {
  till.error('order cannot be read', { error });
}
