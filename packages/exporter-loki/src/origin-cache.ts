import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import type { EncodeOptions } from './encode-options.ts';
import { makeOrigin, type Origin } from './origin.ts';
import { readField } from './read-field.ts';

/** Stands for a resource or a scope that a record does not have. */
const NONE = {};

/** Finds the origin of a record by the identity of its resource and scope, which the SDK and our processors keep. */
export class OriginCache {
  readonly #options: EncodeOptions;
  #origins = new WeakMap<object, WeakMap<object, Origin>>();
  #lastResource: object | undefined;
  #lastScope: object | undefined;
  #lastOrigin: Origin | undefined;
  #isPending = false;

  constructor(options: EncodeOptions) {
    this.#options = options;
  }

  /** To be called before each batch: what was learnt of a resource that was still being detected is not valid any more. */
  startBatch(): void {
    this.#lastOrigin = undefined;
    if (!this.#isPending) return;
    this.#origins = new WeakMap();
    this.#isPending = false;
  }

  /** May throw where the record does. */
  get(record: ReadableLogRecord): Origin {
    const { resource, instrumentationScope } = record;
    if (this.#lastOrigin !== undefined && resource === this.#lastResource && instrumentationScope === this.#lastScope) {
      return this.#lastOrigin;
    }
    const origin = this.find(resource, instrumentationScope);
    this.#lastResource = resource;
    this.#lastScope = instrumentationScope;
    this.#lastOrigin = origin;
    return origin;
  }

  /** The origin of a resource and a scope, whatever they are. Never throws. */
  find(resource: unknown, scope: unknown): Origin {
    const resourceKey = isObject(resource) ? resource : NONE;
    const scopeKey = isObject(scope) ? scope : NONE;
    let scopes = this.#origins.get(resourceKey);
    if (scopes === undefined) {
      scopes = new WeakMap();
      this.#origins.set(resourceKey, scopes);
    }
    let origin = scopes.get(scopeKey);
    if (origin === undefined) {
      origin = makeOrigin(resource, scope, this.#options);
      scopes.set(scopeKey, origin);
      if (readField(resource, 'asyncAttributesPending') === true) this.#isPending = true;
    }
    return origin;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
