import type { MeterProvider } from '@opentelemetry/api';
import type { ClientBufferOptions } from '@spillway/buffer';
import type { Drop, Secret } from '@spillway/core';

import type { FlushKind } from './clients/flush-choice.ts';

/** Bounds of what is kept for clients that come, or come back. */
export interface RecentOptions {
  /** Records, 1 and up. @defaultValue 1000 */
  readonly maxRecords?: number;
  /** Bytes of them, as they are sent; WebSocket clients need as much again. @defaultValue 4194304 (4 MiB) */
  readonly maxBytes?: number;
}

export interface LiveTailLogRecordExporterOptions {
  /**
   * Whether the exporter has a server of its own. Without one, `handler` and `handleUpgrade` go into the application's.
   * @defaultValue true
   */
  readonly listen?: boolean;
  /**
   * Address to listen on.
   * @defaultValue '127.0.0.1': logs are for this machine only, unless somebody decides otherwise
   */
  readonly host?: string;
  /**
   * Port to listen on; 0 takes a free one, which `listening()` tells.
   * @defaultValue 9465: beside 9464, where OpenTelemetry has Prometheus metrics
   */
  readonly port?: number;
  /** Path of the page, below which everything else is. It begins with `/`, is ASCII, and has no query. @defaultValue '/' */
  readonly path?: string;
  /**
   * What clients have to present: 16 to 256 letters, digits and any of `-._~`. Set it where an address with it has to outlive
   * the process.
   * @defaultValue 128 random bits, in the address that `listening()` tells
   */
  readonly token?: string | Secret;
  /**
   * Host names and addresses, without a port, that requests may be for besides loopback's and `host`. It needs those by which
   * others reach the server.
   * @defaultValue none: any other name is that of a page that tries to get at this machine through its user's browser
   */
  readonly allowedHosts?: readonly string[];
  /**
   * Origins of other pages that may connect by WebSocket, such as `https://tools.example.com`. Server-sent events are for pages
   * of `allowedHosts` only: there are no CORS headers.
   * @defaultValue none
   */
  readonly allowedOrigins?: readonly string[];
  /** Clients at once, 1 to 10,000. Others are told to come back. @defaultValue 32 */
  readonly maxClients?: number;
  /** What is kept for clients that come, or come back. */
  readonly recent?: RecentOptions;
  /**
   * What is held for each client that does not read fast enough; the oldest records give way, and the client is told how many.
   * Those that read get every record of a burst where there is room for five exports.
   * @defaultValue 4096 records, 8 MiB, not healthy from 0.8 of either on: five exports of 512 records and more
   */
  readonly clientBuffer?: ClientBufferOptions;
  /**
   * When records leave to a client: as soon as the code that logs pauses (`per-event`), every 100 ms (`periodic`), with every
   * tenth and every 100 ms (`every`), or every 100 ms while exports wait for whoever is behind (`adaptive`).
   * @defaultValue 'per-event': the shortest delay, and one write for all records of a turn of the event loop
   */
  readonly flush?: FlushKind;
  /**
   * The most that a record may have as JSON, 8192 to 1,048,576 bytes. Of larger ones body and attributes are cut, and marked.
   * @defaultValue 65536 (64 KiB)
   */
  readonly maxRecordBytes?: number;
  /**
   * For how long a client may be behind before it is disconnected, in milliseconds, 1000 and up; `Infinity` for ever.
   * @defaultValue Infinity: it costs no more than its buffer
   */
  readonly disconnectSlowAfterMillis?: number;
  /** Address of a trace, with `{trace_id}` in it, by which the page links records to theirs. @defaultValue no links */
  readonly traceUrl?: string;
  /** Is told the address for people, with the token, once the server listens. @defaultValue nothing is called */
  readonly onListening?: (url: string) => void;
  /** Called for each group of records that is dropped. It may throw; that is logged. @defaultValue nothing is called */
  readonly onDrop?: (drop: Drop) => void;
  /** Where the exporter's own metrics go. @defaultValue nowhere */
  readonly selfObsMeterProvider?: MeterProvider;
}
