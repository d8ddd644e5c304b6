import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import { readField } from './events/read-field.ts';
import { resourceName } from './events/record-text.ts';

/** Where a record comes from. */
export interface RecordPlace {
  readonly service: string | undefined;
  readonly instance: string | undefined;
}

/** Reads where records come from, once for each resource: these are few, and shared by all records of a provider. */
export class ResourcePlaces {
  readonly #places = new WeakMap<object, RecordPlace>();

  /** Never throws: what cannot be read is undefined. */
  of(record: ReadableLogRecord): RecordPlace {
    const resource = readField(record, 'resource');
    const isObject = typeof resource === 'object' && resource !== null;
    const known = isObject ? this.#places.get(resource) : undefined;
    if (known !== undefined) return known;
    const place = {
      service: resourceName(record, 'service.name'),
      instance: resourceName(record, 'service.instance.id'),
    };
    if (isObject) this.#places.set(resource, place);
    return place;
  }
}
