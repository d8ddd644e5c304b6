import type { Attributes } from '@opentelemetry/api';

const counts = new Map<string, number>();

/**
 * What tells a component from others in its metrics: its type, and a name that counts the components of that type.
 * @see https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics/ (1.45, read 2026-11-21)
 */
export function componentAttributes(type: string): Attributes {
  const index = counts.get(type) ?? 0;
  counts.set(type, index + 1);
  return { 'otel.component.type': type, 'otel.component.name': `${type}/${index}` };
}
