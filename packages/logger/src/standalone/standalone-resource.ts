import type { Attributes } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

type Resource = ReadableLogRecord['resource'];

/** What a logger that stands alone puts into its records; of the SDK only types are known here. */
export function standaloneResource(attributes: Attributes): Resource {
  return {
    // All records have it: a handler that changes it must not reach them.
    attributes: Object.freeze(attributes),
    merge: (other) =>
      other === null ? standaloneResource(attributes) : standaloneResource({ ...attributes, ...other.attributes }),
    getRawAttributes: () => Object.entries(attributes) as ReturnType<Resource['getRawAttributes']>,
  };
}
