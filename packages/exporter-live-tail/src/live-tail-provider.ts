import {
  choice,
  type ComponentProvider,
  defineComponentProvider,
  flag,
  group,
  integer,
  list,
  milliseconds,
  property,
  text,
} from '@spillway/core/component-provider';

import type { LiveTailLogRecordExporterOptions } from './live-tail-exporter-options.ts';
import { LiveTailLogRecordExporter } from './live-tail-log-record-exporter.ts';
import { resolveLiveTailOptions } from './resolve-live-tail-options.ts';

/** In a file there is nobody who could ask for the address. */
interface LiveTailProperties extends LiveTailLogRecordExporterOptions {
  readonly announce?: boolean;
}

const recent = group('What is kept for clients that come, or come back.', {
  max_records: integer('Records.', { min: 1, max: 1_048_576, default: 1000 }),
  max_bytes: integer('Bytes of them, as they are sent.', { max: 1_073_741_824, default: 4_194_304 }),
});

const clientBuffer = group('What is held for each client that does not read fast enough.', {
  max_size: integer('Records.', { min: 1, max: 1_048_576, default: 4096 }),
  max_bytes: integer('Bytes of them, as they are sent.', { min: 1, max: 1_073_741_824, default: 8_388_608 }),
  backpressure_threshold: property(
    { type: 'number', exclusiveMinimum: 0, maximum: 1 },
    'Part of either from which on a client is behind.',
    { default: 0.8 },
  ),
});

/** The exporter as `live_tail`. */
export const liveTailProvider: ComponentProvider<'LogRecordExporter'> = defineComponentProvider({
  type: 'LogRecordExporter',
  name: 'live_tail',
  description: 'Shows log records as they come, in a page, by server-sent events and by WebSocket.',
  properties: {
    listen: flag('Whether there is a server.', { default: true }),
    host: text('Address to listen on.', { default: '127.0.0.1' }),
    port: integer('Port to listen on; 0 takes a free one.', { max: 65_535, default: 9465 }),
    path: text('Path of the page, below which everything else is.', { pattern: '^/([^/]|$)', default: '/' }),
    token: text('What clients have to present; random where it is left out.', {
      pattern: '^[A-Za-z0-9_.~-]{16,256}$',
      isSecret: true,
    }),
    allowed_hosts: list(
      'Host names that requests may be for besides those of loopback and `host`.',
      text('A name or an address, without a port.'),
    ),
    allowed_origins: list(
      'Origins of other pages that may connect by WebSocket.',
      text('Such as https://tools.example.com.'),
    ),
    max_clients: integer('Clients at once.', { min: 1, max: 10_000, default: 32 }),
    recent,
    client_buffer: clientBuffer,
    flush: choice('When records leave to a client.', ['per_event', 'periodic', 'every', 'adaptive'], {
      default: 'per_event',
    }),
    max_record_bytes: integer('The most that a record may have as JSON; of larger ones body and attributes are cut.', {
      min: 8192,
      max: 1_048_576,
      default: 65_536,
    }),
    disconnect_slow_after: milliseconds(
      'For how long a client may be behind before it is disconnected, in milliseconds; for ever where it is left out.',
      { min: 1000, option: 'disconnectSlowAfterMillis' },
    ),
    announce: flag(
      'Whether the address is told on the error output once the server listens, with its token where that is random.',
      { default: true },
    ),
    trace_url: text('Address of a trace, with {trace_id} in it, by which the page links records to theirs.', {
      pattern: String.raw`^https?://([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(:[0-9]+)?[/?].*\{trace_id\}`,
    }),
  },
  create: ({ announce = true, ...options }: LiveTailProperties) =>
    new LiveTailLogRecordExporter({
      ...options,
      ...(announce && { onListening: (url) => tellAddress(url, options.token === undefined) }),
    }),
  check: ({ announce: _announce, ...options }: LiveTailProperties) => void resolveLiveTailOptions(options),
});

/** A token that somebody has chosen is known already, and belongs in no output. */
function tellAddress(url: string, isTokenRandom: boolean): void {
  process.stderr.write(`Live tail: ${isTokenRandom ? url : url.replace(/#.*/, '')}\n`);
}
