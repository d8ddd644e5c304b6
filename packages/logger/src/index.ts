export type { DeadlineOptions, LedgerSnapshot } from '@spillway/core';

export { consoleHandler, type ConsoleHandlerOptions } from './handlers/console-handler.ts';
export type { ExporterHandler, LogHandler } from './handlers/log-handler.ts';
export { type RecordingHandler, recordingHandler, type RecordingHandlerOptions } from './handlers/recording-handler.ts';
export { toHandler } from './handlers/to-handler.ts';
export type { LogLevel } from './log-level.ts';
export type { LoggerStats } from './log-sink.ts';
export { Logger } from './logger.ts';
export type { LoggerOptions } from './logger-options.ts';
export { HANDLER_ERROR_TOPIC } from './standalone/handler-error-record.ts';
