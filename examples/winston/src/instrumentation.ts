import { logs } from '@opentelemetry/api';
import { logs as logs0 } from '@opentelemetry/api-logs';
import { WinstonInstrumentation } from '@opentelemetry/instrumentation-winston';

// @opentelemetry/winston-transport 0.34 emits to the Logs API as it was before 1.10 of the API: this hands on what comes there.
logs0.setGlobalLoggerProvider(logs.getLoggerProvider());

// Gives every logger a transport that sends to the LoggerProvider, besides those that it has.
export const winston = new WinstonInstrumentation();
