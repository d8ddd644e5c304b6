import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PinoInstrumentation } from '@opentelemetry/instrumentation-pino';
import { TracerProvider } from '@opentelemetry/sdk-trace';

// Gives every request a trace, or continues that of its client. Leave it out where tracing is set up already.
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
propagation.setGlobalPropagator(new W3CTraceContextPropagator());
trace.setGlobalTracerProvider(new TracerProvider());
export const http = new HttpInstrumentation();

// Sends what pino logs to the LoggerProvider, besides where it logs to.
export const pino = new PinoInstrumentation();
