import type { Deadline, Drop } from '@spillway/core';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import type { Backend, Encoding } from './backend.ts';
import type { Carrier } from './carrier.ts';
import type { ResolvedDeliveryOptions } from './delivery-options.ts';
import type { Signal } from './exporter-metrics.ts';
import type { EncodedPayload } from './payload.ts';
import type { HeaderInputs } from './request-headers.ts';

export interface EncodeContext {
  /** Which part of the usual request size suits a tenant's gate now: 1, or a half, a quarter ... after repeated 429. */
  readonly sizeRatio: (tenant: string | undefined) => number;
  /** Wall clock, in milliseconds since the epoch. */
  readonly nowMillis: number;
}

/** @typeParam Item what is exported: log records, or whatever else `encode` makes payloads of */
export interface DestinationOptions<Item = ReadableLogRecord> {
  /** The exporter's side: what answers mean, and how payloads are cut. */
  readonly backend: Backend;
  /**
   * Address of a module that exports `backend` under that name, from which a worker gets it.
   * @defaultValue none: records cannot be sent from a worker
   */
  readonly backendUrl?: string | undefined;
  /** Full address to post to; undefined disables: records are taken, counted `disabled`, and nothing is sent. */
  readonly url: string | undefined;
  /** Makes payloads of records. Every record must come out in a payload or in a drop. */
  readonly encode: (records: readonly Item[], context: EncodeContext) => Encoding;
  /**
   * Joins payloads that come thick and fast into fewer, larger ones, without changing a record; what cannot be joined it
   * gives back. Without it, the records of each turn are sent by themselves.
   */
  readonly merge?: (payloads: readonly EncodedPayload[], context: EncodeContext) => readonly EncodedPayload[];
  /** Headers of every request; values may be secrets. */
  readonly headers?: HeaderInputs;
  /** Called once for each group of records that is dropped. What it throws is logged and ignored. */
  readonly onDrop?: ((drop: Drop) => void) | undefined;
  /**
   * Called with the encoded form of each single record that the backend will not take, however often it is sent, so that
   * its like can be left out. Its drop is told before. What this throws is logged and ignored.
   */
  readonly onGivenUp?: ((record: EncodedPayload) => void) | undefined;
  /** Name for diagnostics, such as `@spillway/exporter-loki`. */
  readonly namespace: string;
  /** Value of the metric attribute `otel.component.type`, such as `LokiLogRecordExporter`. */
  readonly componentType: string;
  /** What metrics about the sending count. @defaultValue 'log' */
  readonly signal?: Signal;
}

/** Where a destination stands: what it shares with others, and what tells it from them. */
export interface DestinationPlace {
  readonly carrier: Carrier;
  readonly destinationId: string;
  readonly delivery: ResolvedDeliveryOptions;
  readonly onEnd: (deadline: Deadline) => Promise<void>;
}
