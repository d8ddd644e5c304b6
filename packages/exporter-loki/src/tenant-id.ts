/** @see https://grafana.com/docs/loki/latest/operations/multi-tenancy/ and dskit's `tenant.ValidTenantID` (read 2026-11-21) */
const TENANT_ID = /^[A-Za-z0-9!\-_.*'()]{1,150}$/;

/** Whether Loki takes a text as the name of one tenant. Nothing that could end a header gets through. */
export function isTenantId(text: unknown): text is string {
  return typeof text === 'string' && TENANT_ID.test(text) && text !== '.' && text !== '..';
}
