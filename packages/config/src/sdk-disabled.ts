/**
 * Whether `OTEL_SDK_DISABLED` turns OpenTelemetry off. Whoever sets it wants quiet: then no configuration is read, and no mistake
 * is told.
 */
export function isSdkDisabled(): boolean {
  return process.env['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true';
}
