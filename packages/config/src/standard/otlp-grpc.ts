import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import { type ComponentProvider, defineComponentProvider, flag, text } from '@spillway/core/component-provider';

import { findOptional } from './optional-package.ts';
import {
  checkEndpoint,
  otlpHeaders,
  type OtlpOptions,
  otlpProperties,
  readTlsFiles,
  type TlsOptions,
} from './otlp-properties.ts';

interface GrpcPackage {
  readonly OTLPLogExporter: new (options: object) => LogRecordExporter;
}

interface GrpcBase {
  createEmptyMetadata(): { set(name: string, value: string): void };
  createInsecureCredentials(): unknown;
  createSslCredentials(ca?: Buffer, key?: Buffer, cert?: Buffer): unknown;
}

const PACKAGE = '@opentelemetry/exporter-logs-otlp-grpc';
/** A dependency of the package. */
const BASE = '@opentelemetry/otlp-grpc-exporter-base';

/** OpenTelemetry's exporter for OTLP over gRPC, which an application installs if it names it. */
export const otlpGrpc: ComponentProvider<'LogRecordExporter'> = defineComponentProvider({
  type: 'LogRecordExporter',
  name: 'otlp_grpc',
  description: 'OTLP over gRPC. Needs @opentelemetry/exporter-logs-otlp-grpc.',
  properties: otlpProperties(text('Address.', { default: 'http://localhost:4317' }), {
    insecure: flag('Whether the connection is not encrypted where the address does not tell.', { default: false }),
  }),
  check,
  create,
});

function check(options: OtlpOptions): void {
  checkEndpoint(options, 'a URL, or a host with its port', (endpoint) => URL.canParse(endpoint));
  readTlsFiles(options.tls ?? {});
  findOptional(PACKAGE);
}

function create(options: OtlpOptions): LogRecordExporter {
  const { endpoint, timeout, compression, tls, selfObsMeterProvider } = options;
  check(options);
  const found = findOptional(PACKAGE);
  const base = found.loadOwn(BASE) as GrpcBase;
  const { OTLPLogExporter } = found.load() as GrpcPackage;
  const metadata = base.createEmptyMetadata();
  for (const [name, value] of Object.entries(otlpHeaders(options) ?? {})) metadata.set(name, value);
  return new OTLPLogExporter({
    url: endpoint,
    timeoutMillis: timeout,
    compression,
    metadata,
    ...(tls !== undefined && { credentials: credentialsOf(tls, base) }),
    selfObsMeterProvider,
  });
}

function credentialsOf(tls: TlsOptions, base: GrpcBase): unknown {
  if (tls.insecure === true) return base.createInsecureCredentials();
  const { ca, key, cert } = readTlsFiles(tls);
  return ca === undefined && key === undefined && cert === undefined
    ? undefined
    : base.createSslCredentials(ca, key, cert);
}
