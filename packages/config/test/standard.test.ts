import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { createLoggerProvider, findMistakes } from '@spillway/config';
import { expect, onTestFinished, test } from 'vitest';

import { findOptional } from '../src/standard/optional-package.ts';
import { temporaryFolder } from './text-file.ts';

interface Received {
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A server that keeps requests. */
async function collector(): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const keep = async (request: IncomingMessage): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    received.push({ path: request.url, headers: request.headers, body: Buffer.concat(chunks) });
  };
  const server = createServer((request, response) => void keep(request).then(() => response.end()));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

function messagesOf(exporter: object): string[] {
  const model = { logger_provider: { processors: [{ batch: { exporter } }] } };
  return findMistakes(model).map(({ message }) =>
    message.replaceAll('logger_provider.processors[0].batch.exporter', '...'),
  );
}

test.each([
  ['protobuf', undefined, 'application/x-protobuf'],
  ['JSON', 'json', 'application/json'],
])('records leave by OTLP as %s, with headers of both forms', async (_name, encoding, contentType) => {
  const { url, received } = await collector();
  const exporter = {
    otlp_http: {
      endpoint: `${url}/v1/logs`,
      headers: [
        { name: 'x-a', value: '1' },
        { name: 'x-c', value: null },
      ],
      headers_list: 'x-a=0,x-b=2',
      compression: 'gzip',
      timeout: 5000,
      ...(encoding !== undefined && { encoding }),
    },
  };
  const provider = createLoggerProvider({ logger_provider: { processors: [{ batch: { exporter } }] } });
  provider.getLogger('orders').emit({ body: 'order taken' });
  await provider.shutdown();
  const [request] = received;
  expect(request?.path).toBe('/v1/logs');
  expect(request?.headers).toMatchObject({ 'x-a': '1', 'x-b': '2', 'content-type': contentType });
  expect(request?.headers).not.toHaveProperty('x-c');
  expect(gunzipSync(request?.body ?? '').toString('latin1')).toContain('order taken');
});

test('records go to a gRPC exporter with its credentials and metadata, and to the batch processor with its options', async () => {
  const made: unknown[] = [];
  const exporter = {
    otlp_grpc: { endpoint: 'http://127.0.0.1:1', headers_list: 'a=b', tls: { insecure: true }, timeout: 1 },
  };
  const batch = { schedule_delay: 5, export_timeout: 6, max_queue_size: 7, max_export_batch_size: 3, exporter };
  const model = { logger_provider: { processors: [{ batch }] } };
  const provider = createLoggerProvider(model, { onComponent: (component) => made.push(component) });
  expect(made[1]).toMatchObject({
    _scheduledDelayMillis: 5,
    _exportTimeoutMillis: 6,
    _maxQueueSize: 7,
    _maxExportBatchSize: 3,
  });
  await provider.shutdown();
});

test('files of TLS are read, and one that cannot be is a mistake', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'ca.pem');
  writeFileSync(file, 'x');
  expect(messagesOf({ otlp_http: { tls: { ca_file: file, key_file: null } } })).toEqual([]);
  expect(messagesOf({ otlp_http: { tls: { ca_file: 'ca.pem' } } })).toEqual([
    'Expected `....otlp_http.tls.ca_file` to be an absolute path, got `ca.pem` (string).',
  ]);
  expect(messagesOf({ otlp_grpc: { tls: { cert_file: '/nowhere/cert.pem' } } })).toEqual([
    'Expected `....otlp_grpc.tls.cert_file` to be a file that can be read, got `/nowhere/cert.pem` (string).',
  ]);
});

test('an endpoint that is no address is a mistake that does not show it', () => {
  expect(messagesOf({ otlp_http: { endpoint: 'user:hunter2@host' } })).toEqual([
    'Expected `....otlp_http.endpoint` to be an http or https URL, got `[redacted]` (string).',
  ]);
  expect(messagesOf({ otlp_grpc: { endpoint: '//hunter2@host' } })).toEqual([
    'Expected `....otlp_grpc.endpoint` to be a URL, or a host with its port, got `[redacted]` (string).',
  ]);
  expect(messagesOf({ otlp_grpc: { endpoint: 'host:4317' } })).toEqual([]);
});

test('0 is no limit of time, as the standard has it, and not no time, as the SDK has it', () => {
  const made: unknown[] = [];
  const batch = { export_timeout: 0, exporter: { otlp_http: { timeout: 0 } } };
  createLoggerProvider(
    { logger_provider: { processors: [{ batch }] } },
    { onComponent: (component) => made.push(component) },
  );
  expect(made[1]).toMatchObject({ _exportTimeoutMillis: 2 ** 31 - 1 });
  expect(JSON.stringify(made[0])).toContain('2147483647');
});

test('a package that is not installed is a mistake that says how to install it', () => {
  expect(() => findOptional('@opentelemetry/exporter-logs-otlp-smoke')).toThrow(
    'Expected the package `@opentelemetry/exporter-logs-otlp-smoke` to be installed: npm install @opentelemetry/exporter-logs-otlp-smoke',
  );
});
