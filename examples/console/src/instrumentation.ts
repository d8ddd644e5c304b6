import { logs } from '@opentelemetry/api';
import { logs as logs0 } from '@opentelemetry/api-logs';
import { ConsoleInstrumentation } from '@opentelemetry/instrumentation-console';

// @opentelemetry/instrumentation-console 0.5 emits to the Logs API as it was before 1.10 of the API: this hands on what comes there.
logs0.setGlobalLoggerProvider(logs.getLoggerProvider());

// Sends what is written to the console to the LoggerProvider as well.
export const instrumentation = new ConsoleInstrumentation();
