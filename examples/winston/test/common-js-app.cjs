const winston = require('winston');

winston.createLogger({ transports: [new winston.transports.Console()] }).warn('stock is low');
