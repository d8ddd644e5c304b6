import type { ContentEncoding } from './compression.ts';
import type { PayloadOwner } from './held-payload.ts';

/** What an exporter's `encode` makes of records: the body of one request, not yet compressed. */
export interface EncodedPayload {
  /** The body, as the backend reads it. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** Where each record begins in `body`, in bytes, ascending; its length is the number of records. */
  readonly recordOffsets: Uint32Array<ArrayBuffer>;
  /** Highest severity number of its records, 0 to 24: what is served first and evicted last. */
  readonly highestSeverity: number;
  /** Time of its oldest record, in milliseconds since the epoch. */
  readonly oldestTimeMillis: number;
  /** Tenant it belongs to, where the backend has tenants. */
  readonly tenant?: string | undefined;
}

/** Version of the layout of {@link Payload}, for stores that outlive the process. */
export const PAYLOAD_SCHEMA_VERSION = 1;

/** One request, ready to be sent, and sent again as the identical bytes. */
export interface Payload {
  /** The body as it goes over the wire. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** How `body` is compressed; undefined where it is not. */
  readonly contentEncoding: ContentEncoding | undefined;
  /** Size of the body before compression. */
  readonly uncompressedBytes: number;
  /** Where each record begins in the uncompressed body, in bytes. */
  readonly recordOffsets: Uint32Array<ArrayBuffer>;
  /** Number of records. */
  readonly recordCount: number;
  /** Highest severity number of its records, 0 to 24. */
  readonly highestSeverity: number;
  /** Time of its oldest record, in milliseconds since the epoch. */
  readonly oldestTimeMillis: number;
  /** Tenant, where the backend has tenants. */
  readonly tenant: string | undefined;
  /** {@link Backend.id} of the backend that encoded it. */
  readonly backendId: string;
  /** Which of the destinations of that backend it is for, by its place among them: the same again after a restart. */
  readonly destinationId: string;
  /** When it was encoded, in milliseconds since the epoch. */
  readonly takenAtMillis: number;
  /** {@link PAYLOAD_SCHEMA_VERSION} it was made under. */
  readonly schemaVersion: number;
}

/** Whose payload it is, and since when. */
export interface PayloadOrigin {
  readonly owner: Pick<PayloadOwner, 'backend' | 'destinationId'>;
  readonly takenAtMillis: number;
}

/** Makes a payload of what was encoded, and of its body as it goes over the wire. */
export function sealPayload(
  encoded: EncodedPayload,
  { owner, takenAtMillis }: PayloadOrigin,
  body: Uint8Array<ArrayBuffer>,
  contentEncoding: ContentEncoding | undefined,
): Payload {
  return {
    ...encoded,
    tenant: encoded.tenant,
    body,
    contentEncoding,
    recordCount: encoded.recordOffsets.length,
    uncompressedBytes: encoded.body.byteLength,
    backendId: owner.backend.id,
    destinationId: owner.destinationId,
    takenAtMillis,
    schemaVersion: PAYLOAD_SCHEMA_VERSION,
  };
}
