import {
  checkBoolean,
  checkInteger,
  checkMethods,
  checkOptions,
  type Drop,
  optionMessage,
  type SecretInput,
} from '@spillway/core';
import {
  type BasicAuth,
  type CheckedHeaders,
  checkRequestHeaders,
  type Delivery,
  type DeliveryOptions,
} from '@spillway/delivery';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import type { EncodeOptions } from './encode-options.ts';
import { labelName } from './label-name.ts';
import { MAX_LABEL_NAME_BYTES, MAX_LABELS } from './loki-limits.ts';
import { pushUrl } from './push-url.ts';
import { isTenantId } from './tenant-id.ts';

export interface LokiLogRecordExporterOptions extends DeliveryOptions {
  /**
   * Loki's address: the base (`http://loki:3100`, also with a path before Loki's own) or the full push address. In a page
   * it may be a path of its own origin (`/logs`).
   * Without it the exporter is disabled: it takes records, counts them `disabled` and sends nothing.
   */
  readonly url?: string | undefined;
  /**
   * Tenant (`X-Scope-OrgID`) of all records, or a function that says it for each. What a function returns decides which
   * records share a request; `undefined` sends without the header.
   * @defaultValue no tenant
   */
  readonly tenantId?: string | ((record: ReadableLogRecord) => string | undefined);
  /** Headers of every request. A value may be a function that fetches it; none is ever logged. @defaultValue none */
  readonly headers?: Readonly<Record<string, SecretInput>>;
  /** User and password for basic authentication. Not together with `bearerToken`. */
  readonly basicAuth?: BasicAuth;
  /** Token for bearer authentication, or a function that fetches it. */
  readonly bearerToken?: SecretInput;
  /**
   * Names of attributes, of records or of the resource, that become index labels beside Loki's usual ones; 15 at most.
   * Each distinct combination of values is a stream, and streams are dear: name only what has a handful of values.
   * @defaultValue none
   */
  readonly labels?: readonly string[];
  /**
   * Distinct streams per hour that `labels` may make, 1 and up. Beyond that they become structured metadata, and one
   * warning is logged.
   * @defaultValue 1000: a fifth of what Loki allows a tenant by default
   */
  readonly maxStreams?: number;
  /**
   * Size of one request before compression, in bytes, 65536 to 3670016. Loki's own limit is 4 MiB, counted after it has
   * added to each line.
   * @defaultValue 1048576 (1 MiB): what Loki's own clients send
   */
  readonly maxRequestBytes?: number;
  /** Adds the metadata `schema: spillway/loki/v1` to each line, to tell mappings apart later. @defaultValue false */
  readonly schemaVersion?: boolean;
  /**
   * A delivery to share with other exporters, with its outbox, its concurrency and its pauses. The delivery options here
   * have no effect then.
   * @defaultValue one of its own
   */
  readonly delivery?: Delivery;
  /** Called for each group of records that is dropped. It may throw; that is logged. @defaultValue nothing is called */
  readonly onDrop?: (drop: Drop) => void;
}

/** Options with every default filled in. */
export interface ResolvedLokiOptions {
  readonly url: string | undefined;
  readonly headers: CheckedHeaders;
  readonly encode: EncodeOptions;
}

const TENANT_HEADER = 'x-scope-orgid';

export const MIN_REQUEST_BYTES: number = 64 * 1024;
export const MAX_REQUEST_BYTES: number = 3.5 * 1024 * 1024;
export const DEFAULT_REQUEST_BYTES: number = 1024 * 1024;
export const DEFAULT_MAX_STREAMS: number = 1000;

/** @throws TypeError or RangeError naming the option that is wrong. */
export function resolveLokiOptions(options: LokiLogRecordExporterOptions): ResolvedLokiOptions {
  checkOptions(options);
  const { delivery, maxRequestBytes = DEFAULT_REQUEST_BYTES, maxStreams = DEFAULT_MAX_STREAMS } = options;
  if (delivery !== undefined) checkMethods('delivery', delivery, ['attach']);
  return {
    url: pushUrl('url', options.url),
    headers: checkRequestHeaders('', options, options.tenantId === undefined ? [] : [TENANT_HEADER]),
    encode: {
      labels: checkLabels(options.labels ?? []),
      maxStreams: checkInteger('maxStreams', maxStreams, { min: 1 }),
      maxRequestBytes: checkInteger('maxRequestBytes', maxRequestBytes, {
        min: MIN_REQUEST_BYTES,
        max: MAX_REQUEST_BYTES,
      }),
      schemaVersion: checkBoolean('schemaVersion', options.schemaVersion ?? false),
      tenantId: checkTenantId(options.tenantId),
    },
  };
}

function checkLabels(labels: readonly string[]): readonly string[] {
  const isList = Array.isArray(labels) && labels.every((label) => typeof label === 'string' && label !== '');
  if (!isList) throw new TypeError(optionMessage('labels', 'a list of attribute names', labels));
  const names = labels.map((label) => labelName(label));
  if (names.length > MAX_LABELS || new Set(names).size < names.length || !names.every((name) => isLabelName(name))) {
    const rule = `at most ${MAX_LABELS} attribute names that stay distinct and valid as names of labels`;
    throw new RangeError(optionMessage('labels', rule, labels.join(', ')));
  }
  return [...labels];
}

/** Loki keeps names that begin with two underscores to itself: some change how it treats a stream. */
function isLabelName(name: string): boolean {
  return !name.startsWith('__') && name.length <= MAX_LABEL_NAME_BYTES;
}

function checkTenantId(tenantId: EncodeOptions['tenantId']): EncodeOptions['tenantId'] {
  if (tenantId === undefined || typeof tenantId === 'function' || isTenantId(tenantId)) return tenantId;
  const rule = "a function, or 1 to 150 characters out of letters, digits and !-_.*'()";
  throw new (typeof tenantId === 'string' ? RangeError : TypeError)(optionMessage('tenantId', rule, tenantId));
}
