import { checkFields, checkInteger, checkRequestPath, checkString } from '@spillway/core';

import { checkObject } from '../check-object.ts';
import { AUTH_FIELDS, resolveScrapeAuth } from './resolve-scrape-auth.ts';
import type { ScrapeAuth, ScrapeAuthOptions } from './scrape-auth.ts';

/** An HTTP server of the exporter's own, which Prometheus scrapes. */
export interface EndpointOptions extends ScrapeAuthOptions {
  /**
   * Address to listen on: `0.0.0.0` or `::` for all of the machine's, which a Prometheus elsewhere needs.
   * @defaultValue '127.0.0.1': whoever reaches metrics can read them
   */
  readonly host?: string;
  /**
   * Port to listen on; 0 takes a free one, which `listening()` tells. It is this process's alone: in a cluster each worker
   * needs one of its own.
   * @defaultValue 9464, as OpenTelemetry has it
   */
  readonly port?: number;
  /** Path of the metrics, as clients send it: it begins with `/`, is ASCII, and has no query. @defaultValue '/metrics' */
  readonly path?: string;
}

/** Options with every default filled in. */
export interface ResolvedEndpointOptions {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly auth: ScrapeAuth | undefined;
}

export const DEFAULT_HOST: string = '127.0.0.1';
/** @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#prometheus-exporter (read 2026-11-21) */
export const DEFAULT_PORT: number = 9464;
export const MAX_PORT: number = 65_535;
export const DEFAULT_PATH: string = '/metrics';
const ENDPOINT_FIELDS: readonly (keyof EndpointOptions)[] = ['host', 'port', 'path', ...AUTH_FIELDS];

/** @throws TypeError or RangeError naming the option that is wrong. */
export function resolveEndpointOptions(field: string, options: EndpointOptions): ResolvedEndpointOptions {
  checkObject(field, options);
  checkFields(`${field}.`, options, ENDPOINT_FIELDS);
  const { host = DEFAULT_HOST, port = DEFAULT_PORT, path = DEFAULT_PATH } = options;
  return {
    host: checkString(`${field}.host`, host),
    port: checkInteger(`${field}.port`, port, { max: MAX_PORT }),
    path: checkRequestPath(`${field}.path`, path),
    auth: resolveScrapeAuth(field, options),
  };
}
