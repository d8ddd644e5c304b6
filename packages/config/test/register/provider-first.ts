import { diag, logs, createNoopLogger } from '@opentelemetry/api';

diag.setLogger({
  error: (...parts) => process.stdout.write(`first diag: ${parts.join(' ')}\n`),
  warn: (...parts) => process.stdout.write(`first diag: ${parts.join(' ')}\n`),
  info: (...parts) => process.stdout.write(`first diag: ${parts.join(' ')}\n`),
  debug() {},
  verbose() {},
});
if (process.env['PROVIDER_FIRST'] === 'yes') logs.setGlobalLoggerProvider({ getLogger: () => createNoopLogger() });
