/** Where version 1 of OpenTelemetry's API keeps what is registered, in every copy of it. */
const GLOBALS = Symbol.for('opentelemetry.js.api.1');

/** Whether the process has registered something with OpenTelemetry's API, which has no other way to ask. */
export function isRegistered(what: 'diag' | 'logs'): boolean {
  const globals = Reflect.get(globalThis, GLOBALS) as Readonly<Record<string, unknown>> | undefined;
  return globals?.[what] !== undefined;
}
