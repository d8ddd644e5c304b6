import { mergeHeadersConfig } from '@opentelemetry/configuration';
import { optionMessage } from '@spillway/core';
import {
  choice,
  group,
  list,
  type Properties,
  type Property,
  property,
  required,
  text,
  timeLimit,
} from '@spillway/core/component-provider';

const { readFileSync } = process.getBuiltinModule('node:fs');
const paths = process.getBuiltinModule('node:path');

/** What both OTLP exporters take. */
export interface OtlpOptions {
  readonly endpoint?: string;
  readonly headers?: readonly { readonly name: string; readonly value?: string }[];
  readonly headersList?: string;
  readonly timeout?: number;
  readonly compression?: string;
  readonly tls?: TlsOptions;
  readonly selfObsMeterProvider?: unknown;
}

export interface TlsOptions {
  readonly caFile?: string;
  readonly keyFile?: string;
  readonly certFile?: string;
  readonly insecure?: boolean;
}

/** Files of TLS, read. */
export interface TlsFiles {
  readonly ca?: Buffer;
  readonly key?: Buffer;
  readonly cert?: Buffer;
}

/** As in OpenTelemetry's schema: a value may be empty, and a header whose value is null is left out. */
const HEADER: Properties = {
  name: required(text('Name.')),
  value: property({ type: ['string', 'null'], writeOnly: true }, 'Value.'),
};

const TLS: Properties = {
  ca_file: text('Absolute path of the certificates that are trusted.'),
  key_file: text('Absolute path of the key of this client.'),
  cert_file: text('Absolute path of the certificate of this client.'),
};

/** @param tls further properties of `tls` */
export function otlpProperties(endpoint: Property, tls: Properties = {}): Properties {
  return {
    endpoint,
    headers: list('Headers of every request.', group('Header.', HEADER), { minItems: 1 }),
    headers_list: text('The same as `key=value,key=value`; `headers` goes before it.', { isSecret: true }),
    timeout: timeLimit('Longest time of an export, retries included.', { default: 10_000 }),
    compression: choice('Of requests.', ['none', 'gzip'], { default: 'none' }),
    tls: group('Certificates.', { ...TLS, ...tls }),
  };
}

/** Headers of both forms together. */
export function otlpHeaders({ headers, headersList }: OtlpOptions): Record<string, string> | undefined {
  return mergeHeadersConfig(
    headers?.map(({ name, value = null }) => ({ name, value })),
    headersList,
  );
}

/** @throws TypeError or RangeError naming the file that cannot be had */
export function readTlsFiles({ caFile, keyFile, certFile }: TlsOptions): TlsFiles {
  return {
    ...(caFile !== undefined && { ca: readTlsFile('tls.caFile', caFile) }),
    ...(keyFile !== undefined && { key: readTlsFile('tls.keyFile', keyFile) }),
    ...(certFile !== undefined && { cert: readTlsFile('tls.certFile', certFile) }),
  };
}

/** @throws RangeError where it is no address; it is not shown */
export function checkEndpoint({ endpoint }: OtlpOptions, rule: string, isRight: (endpoint: string) => boolean): void {
  if (endpoint !== undefined && !isRight(endpoint)) {
    throw new RangeError(optionMessage('endpoint', rule, endpoint, '[redacted]'));
  }
}

function readTlsFile(field: string, path: string): Buffer {
  if (!paths.isAbsolute(path)) throw new RangeError(optionMessage(field, 'an absolute path', path));
  try {
    return readFileSync(path);
  } catch (error) {
    throw new RangeError(optionMessage(field, 'a file that can be read', path), { cause: error });
  }
}
