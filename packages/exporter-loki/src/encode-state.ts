import { FastRecord } from '#fast-encoding';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import type { EncodeOptions } from './encode-options.ts';
import { labelName } from './label-name.ts';
import { OriginCache } from './origin-cache.ts';
import type { Origin } from './origin.ts';
import { readField } from './read-field.ts';
import { StreamRegistry } from './stream-registry.ts';
import { isTenantId } from './tenant-id.ts';

/** What `encode` asks its caller to tell. */
export interface EncodeEvents {
  /** A record's extra labels became metadata, because there are too many streams already. */
  readonly onStreamLimit: () => void;
  /** The tenant function threw, so that the record goes without a tenant, or returned none that there can be. */
  readonly onTenantError: (error: unknown) => void;
}

/** What `encode` keeps from batch to batch: times given out, streams seen, and texts prepared. Bounded. */
export class EncodeState {
  readonly options: EncodeOptions;
  /** Names of the extra labels. */
  readonly labelNames: readonly string[];
  readonly streams: StreamRegistry;
  readonly fast: FastRecord = new FastRecord();
  readonly #events: Partial<EncodeEvents>;
  readonly #origins: OriginCache;

  constructor(options: EncodeOptions, events: Partial<EncodeEvents> = {}) {
    this.options = options;
    this.labelNames = options.labels.map((key) => labelName(key));
    this.streams = new StreamRegistry(options.maxStreams);
    this.#events = events;
    this.#origins = new OriginCache(options);
  }

  startBatch(nowMillis: number): void {
    this.streams.startBatch(nowMillis);
    this.fast.startBatch(nowMillis);
    this.#origins.startBatch();
  }

  /** The origin of a record; undefined where it is none. Never throws. */
  originOf(record: ReadableLogRecord): Origin | undefined {
    if (typeof record !== 'object' || record === null) return undefined;
    try {
      return this.#origins.get(record);
    } catch {
      return this.#origins.find(readField(record, 'resource'), readField(record, 'instrumentationScope'));
    }
  }

  /** The tenant of a record; null where it is one that there cannot be. Never throws. */
  tenantOf(record: ReadableLogRecord): string | undefined | null {
    const { tenantId } = this.options;
    if (typeof tenantId !== 'function') return tenantId;
    try {
      const tenant = tenantId(record);
      if (tenant === undefined || tenant === '') return undefined;
      if (isTenantId(tenant)) return tenant;
      this.#events.onTenantError?.(new RangeError('What `tenantId` returned is not a tenant that Loki accepts.'));
      return null;
    } catch (error) {
      this.#events.onTenantError?.(error);
      return undefined;
    }
  }

  onStreamLimit(): void {
    this.#events.onStreamLimit?.();
  }
}
