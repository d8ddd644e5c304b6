export type { DeadlineOptions } from '@spillway/core';

export { attempt, type AttemptOptions, type AttemptRequest, type AttemptResult } from './attempt.ts';
export type { Backend, BackendResponse, Encoding, Verdict } from './backend.ts';
export type { Compression, Compressor, ContentEncoding } from './compression.ts';
export { flushOnCrash, type FlushOnCrashOptions } from './crash-flush/flush-on-crash.ts';
export { basicCredentials, type BasicAuth, checkBasicAuth, type CredentialOptions } from './credentials.ts';
export { fileOutbox } from './file-outbox/file-outbox.ts';
export type { FileOutboxOptions } from './file-outbox/file-outbox-options.ts';
export { type Admission, Gate } from './gate.ts';
export { Delivery } from './delivery.ts';
export type { DeliveryOptions, WorkerDelivery } from './delivery-options.ts';
export type { Destination, DestinationStats } from './destination.ts';
export type { DestinationOptions, EncodeContext } from './destination-options.ts';
export { checkEndpointUrl, wrongUrl } from './endpoint-url.ts';
export { indexedDbOutbox, type IndexedDbOutboxOptions } from './indexed-db-outbox/indexed-db-outbox.ts';
export { normalizeTimestamp, type TimestampInput, type TimestampUnit } from './normalize-timestamp.ts';
export {
  type AdoptedPayload,
  type AdoptionRequest,
  LostPayloadError,
  MemoryOutbox,
  type MemoryOutboxOptions,
  type Outbox,
  payloadBytes,
  TakenOverPayloadError,
} from './outbox.ts';
export { type EncodedPayload, type Payload, PAYLOAD_SCHEMA_VERSION } from './payload.ts';
export {
  type CheckedHeaders,
  checkRequestHeaders,
  type HeaderInputs,
  type RequestHeaderOptions,
  revealHeaders,
} from './request-headers.ts';
export { siblingUrl } from './sibling-url.ts';
export { workerDelivery, type WorkerDeliveryOptions } from './worker-delivery.ts';
export { type DeliveryWorkerOptions, runDeliveryWorker } from './worker/run-delivery-worker.ts';
