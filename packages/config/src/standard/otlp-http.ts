import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import { choice, type ComponentProvider, defineComponentProvider, text } from '@spillway/core/component-provider';

import { findOptional } from './optional-package.ts';
import { checkEndpoint, otlpHeaders, type OtlpOptions, otlpProperties, readTlsFiles } from './otlp-properties.ts';

interface OtlpHttpOptions extends OtlpOptions {
  readonly encoding?: 'protobuf' | 'json';
}

interface OtlpHttpPackage {
  readonly OTLPLogExporter: new (options: object) => LogRecordExporter;
}

const PACKAGES = {
  protobuf: '@opentelemetry/exporter-logs-otlp-proto',
  json: '@opentelemetry/exporter-logs-otlp-http',
};

/** OpenTelemetry's exporters for OTLP over HTTP, of which an application installs the one that it names. */
export const otlpHttp: ComponentProvider<'LogRecordExporter'> = defineComponentProvider({
  type: 'LogRecordExporter',
  name: 'otlp_http',
  description: 'OTLP over HTTP. Needs @opentelemetry/exporter-logs-otlp-proto, or -http where the encoding is json.',
  properties: {
    ...otlpProperties(text('Address with its path.', { default: 'http://localhost:4318/v1/logs' })),
    encoding: choice('Of requests.', ['protobuf', 'json'], { default: 'protobuf' }),
  },
  check,
  create,
});

function check(options: OtlpHttpOptions): void {
  checkEndpoint(options, 'an http or https URL', isHttpUrl);
  readTlsFiles(options.tls ?? {});
  findOptional(PACKAGES[options.encoding ?? 'protobuf']);
}

/** The exporter takes any URL, and fails at each request. */
function isHttpUrl(endpoint: string): boolean {
  return /^https?:\/\//i.test(endpoint) && URL.canParse(endpoint);
}

function create(options: OtlpHttpOptions): LogRecordExporter {
  const { endpoint, timeout, compression, tls, encoding = 'protobuf', selfObsMeterProvider } = options;
  check(options);
  const { OTLPLogExporter } = findOptional(PACKAGES[encoding]).load() as OtlpHttpPackage;
  return new OTLPLogExporter({
    url: endpoint,
    headers: otlpHeaders(options),
    timeoutMillis: timeout,
    compression,
    ...(tls !== undefined && { httpAgentOptions: readTlsFiles(tls) }),
    selfObsMeterProvider,
  });
}
