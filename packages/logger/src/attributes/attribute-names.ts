/** Where the joined topic of a record stands. */
export const TOPIC_ATTRIBUTE = 'log.topic';

/** As in OpenTelemetry's semantic conventions for exceptions in logs (1.45). */
export const EXCEPTION_TYPE = 'exception.type';
export const EXCEPTION_MESSAGE = 'exception.message';
export const EXCEPTION_STACKTRACE = 'exception.stacktrace';
