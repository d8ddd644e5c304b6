import type { ClientBufferOptions } from '@spillway/buffer';
import {
  checkBoolean,
  checkFields,
  checkFunction,
  checkInteger,
  checkMethods,
  checkNumber,
  checkOneOf,
  checkOptions,
  checkRequestPath,
  checkString,
  MAX_TIMER_MILLIS,
  optionMessage,
  wrongRequestPath,
} from '@spillway/core';

import { type AccessRules, hostName } from './access/access-guard.ts';
import { type AccessToken, resolveToken } from './access/access-token.ts';
import { FLUSH_KINDS } from './clients/flush-choice.ts';
import type { TailClientsOptions } from './clients/tail-clients.ts';
import type { LiveTailLogRecordExporterOptions } from './live-tail-exporter-options.ts';
import type { RecentBounds } from './records/recent-records.ts';
import type { PageSettings } from './server/page-reply.ts';
import type { ListenOptions } from './server/tail-server.ts';

/** Options with every default filled in. */
export interface ResolvedLiveTailOptions {
  /** Undefined where the application has a server of its own. */
  readonly listen: ListenOptions | undefined;
  readonly access: AccessRules;
  readonly token: AccessToken;
  readonly page: PageSettings;
  readonly recent: RecentBounds;
  readonly clients: TailClientsOptions;
  readonly maxRecordBytes: number;
}

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 9465;
const MAX_PORT = 65_535;
const DEFAULT_MAX_CLIENTS = 32;
const MAX_CLIENTS = 10_000;
const DEFAULT_RECENT: RecentBounds = { maxRecords: 1000, maxBytes: 4 * 2 ** 20 };
/** Room for five exports of 512 records, which the hybrid processor may have under way, and for more meanwhile. */
const DEFAULT_CLIENT_BUFFER: Required<ClientBufferOptions> = {
  maxSize: 4096,
  maxBytes: 8 * 2 ** 20,
  backpressureThreshold: 0.8,
};
const DEFAULT_MAX_RECORD_BYTES = 64 * 2 ** 10;
/** Names and identifiers, which are not cut, take up to 6 KiB. */
const MIN_RECORD_BYTES = 8 * 2 ** 10;
const MAX_RECORD_BYTES = 2 ** 20;
const MAX_ITEMS = 2 ** 20;
const MAX_BYTES = 2 ** 30;
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const TRACE_ID = '{trace_id}';

const OPTIONS: readonly (keyof LiveTailLogRecordExporterOptions)[] = [
  'listen',
  'host',
  'port',
  'path',
  'token',
  'allowedHosts',
  'allowedOrigins',
  'maxClients',
  'recent',
  'clientBuffer',
  'flush',
  'maxRecordBytes',
  'disconnectSlowAfterMillis',
  'traceUrl',
  'onListening',
  'onDrop',
  'selfObsMeterProvider',
];

/** @throws TypeError or RangeError naming the option that is wrong; a token is never shown. */
export function resolveLiveTailOptions(options: LiveTailLogRecordExporterOptions): ResolvedLiveTailOptions {
  checkOptions(options);
  checkFields('', options, OPTIONS);
  const { listen = true, host = DEFAULT_HOST, port = DEFAULT_PORT } = options;
  const { onListening, onDrop, selfObsMeterProvider, maxRecordBytes = DEFAULT_MAX_RECORD_BYTES } = options;
  checkFunction('onListening', onListening);
  checkFunction('onDrop', onDrop);
  if (selfObsMeterProvider !== undefined) checkMethods('selfObsMeterProvider', selfObsMeterProvider, ['getMeter']);
  const address = {
    host: checkString('host', host),
    port: checkInteger('port', port, { max: MAX_PORT }),
  };
  return {
    listen: checkBoolean('listen', listen) ? address : undefined,
    access: resolveAccess(options, address.host),
    token: resolveToken('token', options.token),
    page: { basePath: resolvePath(options.path ?? '/'), traceUrl: resolveTraceUrl(options.traceUrl) },
    recent: resolveRecent(options.recent ?? {}),
    clients: resolveClients(options),
    maxRecordBytes: checkInteger('maxRecordBytes', maxRecordBytes, { min: MIN_RECORD_BYTES, max: MAX_RECORD_BYTES }),
  };
}

function resolveClients(options: LiveTailLogRecordExporterOptions): TailClientsOptions {
  const { maxClients = DEFAULT_MAX_CLIENTS, flush = 'per-event', disconnectSlowAfterMillis = Infinity } = options;
  const isNever = disconnectSlowAfterMillis === Infinity;
  const slowRange = { min: 1000, max: MAX_TIMER_MILLIS };
  return {
    maxClients: checkInteger('maxClients', maxClients, { min: 1, max: MAX_CLIENTS }),
    buffer: resolveClientBuffer(options.clientBuffer ?? {}),
    flush: checkOneOf('flush', flush, FLUSH_KINDS),
    disconnectSlowAfterMillis: isNever
      ? Infinity
      : checkNumber('disconnectSlowAfterMillis', disconnectSlowAfterMillis, slowRange),
  };
}

function resolveClientBuffer(options: ClientBufferOptions): Required<ClientBufferOptions> {
  checkGroup('clientBuffer', options, Object.keys(DEFAULT_CLIENT_BUFFER));
  const { maxSize, maxBytes, backpressureThreshold } = { ...DEFAULT_CLIENT_BUFFER, ...given(options) };
  const ratio = { min: Number.MIN_VALUE, max: 1 };
  return {
    maxSize: checkInteger('clientBuffer.maxSize', maxSize, { min: 1, max: MAX_ITEMS }),
    maxBytes: checkInteger('clientBuffer.maxBytes', maxBytes, { min: 1, max: MAX_BYTES }),
    backpressureThreshold: checkNumber('clientBuffer.backpressureThreshold', backpressureThreshold, ratio),
  };
}

function resolveRecent(options: Partial<RecentBounds>): RecentBounds {
  checkGroup('recent', options, Object.keys(DEFAULT_RECENT));
  const { maxRecords, maxBytes } = { ...DEFAULT_RECENT, ...given(options) };
  return {
    maxRecords: checkInteger('recent.maxRecords', maxRecords, { min: 1, max: MAX_ITEMS }),
    maxBytes: checkInteger('recent.maxBytes', maxBytes, { max: MAX_BYTES }),
  };
}

function checkGroup(field: string, value: unknown, names: readonly string[]): void {
  if (typeof value !== 'object' || value === null) throw new TypeError(optionMessage(field, 'an object', value));
  checkFields(`${field}.`, value, names);
}

/** Fields that are undefined count as left out. */
function given<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function resolveAccess(
  { allowedHosts = [], allowedOrigins = [] }: LiveTailLogRecordExporterOptions,
  host: string,
): AccessRules {
  const own = hostName(`http://${bracketed(host)}`);
  const named = checkList('allowedHosts', allowedHosts).map((name, index) => {
    const known = hostName(`http://${bracketed(name)}`);
    if (known !== undefined && !/:\d+$/.test(name.replace(/^.*\]|^[^:]*:.*:/, ''))) return known;
    throw new RangeError(optionMessage(`allowedHosts[${index}]`, 'a host name or address, without a port', name));
  });
  const origins = checkList('allowedOrigins', allowedOrigins).map((origin, index) => {
    if (URL.parse(origin)?.origin === origin) return origin;
    throw new RangeError(optionMessage(`allowedOrigins[${index}]`, 'an origin such as `https://example.com`', origin));
  });
  return { hosts: new Set([...LOOPBACK, ...(own === undefined ? [] : [own]), ...named]), origins: new Set(origins) };
}

/** An address of IPv6 as URLs have it. */
function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') && host.indexOf(':') !== host.lastIndexOf(':')
    ? `[${host}]`
    : host;
}

function checkList(field: string, list: unknown): readonly string[] {
  if (!Array.isArray(list)) throw new TypeError(optionMessage(field, 'an array', list));
  return list.map((item, index) => checkString(`${field}[${index}]`, item));
}

/** With a slash at its end. One that begins with two is an address of another host to the page. */
function resolvePath(path: unknown): string {
  const text = checkRequestPath('path', path);
  if (text.startsWith('//')) throw wrongRequestPath('path', text);
  return text.endsWith('/') ? text : `${text}/`;
}

function resolveTraceUrl(traceUrl: unknown): string | undefined {
  if (traceUrl === undefined) return undefined;
  const text = checkString('traceUrl', traceUrl);
  const { protocol } = URL.parse(text.replaceAll(TRACE_ID, '0')) ?? {};
  if (text.includes(TRACE_ID) && (protocol === 'http:' || protocol === 'https:')) return text;
  throw new RangeError(optionMessage('traceUrl', 'an address of http or https with `{trace_id}` in it', text));
}
