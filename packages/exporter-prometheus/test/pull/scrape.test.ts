import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';

import type { PrometheusLogRecordExporterOptions } from '../../src/prometheus-exporter-options.ts';
import { PrometheusLogRecordExporter } from '../../src/prometheus-log-record-exporter.ts';
import type { ScrapeAuthOptions } from '../../src/pull/scrape-auth.ts';
import { parseExposition } from '../exposition/strict-parser.ts';
import { hostileExporter } from '../merge/hostile-exporter.ts';
import { logRecord } from '../store/log-record.ts';
import { type Answer, ask, textOf } from './ask.ts';
import { captureDiagnostics } from './diagnostics.ts';

type Ask = (options?: { method?: string; headers?: Record<string, string> }) => Promise<Answer>;

interface Way {
  readonly name: string;
  /** Makes an exporter, and what asks it this way. */
  readonly open: (auth?: ScrapeAuthOptions) => Promise<{ exporter: PrometheusLogRecordExporter; send: Ask }>;
}

function makeExporter(options: PrometheusLogRecordExporterOptions): PrometheusLogRecordExporter {
  const exporter = new PrometheusLogRecordExporter(options);
  exporter.export([logRecord({ severityNumber: 17, body: 'text' })], () => {});
  onTestFinished(() => exporter.shutdown());
  return exporter;
}

/** Serves a handler on a free port. */
async function serve(handler: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(handler as never);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/any`;
}

const handlerOptions = (auth?: ScrapeAuthOptions): PrometheusLogRecordExporterOptions =>
  auth === undefined ? {} : { handlerAuth: auth };

const WAYS: readonly Way[] = [
  {
    name: 'the endpoint',
    open: async (auth = {}) => {
      const exporter = makeExporter({ endpoint: { port: 0, ...auth } });
      const { url } = await exporter.listening();
      return { exporter, send: (options) => ask(url, options) };
    },
  },
  {
    name: 'handleRequest',
    open: async (auth) => {
      const exporter = makeExporter(handlerOptions(auth));
      const url = await serve(exporter.handleRequest);
      return { exporter, send: (options) => ask(url, options) };
    },
  },
  {
    name: 'handleFetch',
    open: async (auth) => {
      const exporter = makeExporter(handlerOptions(auth));
      const { handleFetch } = exporter;
      const send: Ask = async (options) => {
        const response = await handleFetch(new Request('http://127.0.0.1/any', options));
        const headers = Object.fromEntries(response.headers);
        return {
          status: response.status,
          headers,
          text: textOf(Buffer.from(await response.arrayBuffer()), headers),
        };
      };
      return { exporter, send };
    },
  },
];

const encode = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
/** As Prometheus 2.42 sends it. */
const PROMETHEUS_ACCEPT =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

describe.each(WAYS)('$name', ({ open }) => {
  it('answers with the metrics in the format that the client asks for', async () => {
    const { exporter, send } = await open();
    for (const [accept, contentType] of [
      [undefined, TEXT],
      ['*/*', TEXT],
      [PROMETHEUS_ACCEPT, OPEN_METRICS],
    ] as const) {
      const { status, headers, text } = await send({ headers: accept === undefined ? {} : { accept } });
      expect(status).toBe(200);
      expect(headers).toMatchObject({ 'content-type': contentType, vary: 'Accept, Accept-Encoding' });
      expect(headers['content-length']).toBe(String(Buffer.byteLength(text)));
      expect({ contentType, body: text }).toEqual(exporter.metrics(accept));
      expect(parseExposition(text, contentType === TEXT ? 'text' : 'openmetrics')).toHaveLength(2);
    }
  });

  it('compresses where the client takes gzip', async () => {
    const { exporter, send } = await open();
    for (const [encoding, isGzip] of [
      ['gzip', true],
      ['deflate, gzip;q=0.5', true],
      ['*', true],
      ['gzip;q=0', false],
      ['*;q=0', false],
      ['gzip;q=0.000, *', false],
      ['br', false],
    ] as const) {
      const { headers, text } = await send({ headers: { 'accept-encoding': encoding } });
      expect([encoding, headers['content-encoding']]).toEqual([encoding, isGzip ? 'gzip' : undefined]);
      expect(text).toBe(exporter.metrics().body);
    }
  });

  it('answers HEAD with the headers of GET', async () => {
    const { send } = await open();
    for (const headers of [{}, { 'accept-encoding': 'gzip' }]) {
      const get = await send({ headers });
      const head = await send({ method: 'HEAD', headers });
      const { date: _date, connection: _connection, ...expected } = get.headers;
      expect(head).toMatchObject({ status: 200, headers: expected, text: '' });
    }
  });

  it('refuses other methods', async () => {
    const { send } = await open();
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect(await send({ method })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    }
  });

  it('lets in whoever has the token, and nobody else', async () => {
    const { send } = await open({ bearerToken: 's3cret-~+/.=' });
    const authorized = async (authorization: string): Promise<number | undefined> =>
      (await send({ headers: { authorization } })).status;
    for (const wrong of ['Bearer s3cret', 'Bearer', 'Bearer ', 's3cret', 'Basic s3cret', 'Bearer s3cret x', '']) {
      const { status, headers, text } = await send({ headers: { authorization: wrong } });
      expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer realm="metrics"']);
      expect(text).not.toContain('log_records');
    }
    expect((await send()).status).toBe(401);
    expect((await send({ method: 'POST' })).status).toBe(401);
    const { send: sendAscii } = await open({ bearerToken: () => Promise.resolve('s3cret') });
    expect((await sendAscii({ headers: { authorization: 'bearer  s3cret' } })).status).toBe(200);
    expect(await authorized('Bearer other')).toBe(401);
  });

  it('lets in whoever has user and password, and nobody else', async () => {
    const { send } = await open({ basicAuth: { username: 'prometheus', password: () => 'pä:ss' } });
    expect((await send({ headers: { authorization: encode('prometheus:pä:ss') } })).status).toBe(200);
    for (const wrong of ['prometheus:pä:s', 'prometheus', ':pä:ss', '']) {
      const { status, headers } = await send({ headers: { authorization: encode(wrong) } });
      expect([status, headers['www-authenticate']]).toEqual([401, 'Basic realm="metrics", charset="UTF-8"']);
    }
  });

  it('answers 500, tells it and lets nobody in where a secret cannot be had', async () => {
    const messages = captureDiagnostics();
    for (const bearerToken of [
      (): Promise<string> => Promise.reject(new Error('vault is sealed')),
      (): string => {
        throw new Error('vault is sealed');
      },
      (): string => '',
      (): string => 'undefined\n',
    ]) {
      const { send } = await open({ bearerToken });
      const { status, text } = await send({ headers: { authorization: 'Bearer undefined' } });
      expect([status, text]).toEqual([500, 'Metrics are not available.\n']);
    }
    expect(messages).toHaveLength(4);
    // What a function of the user throws may quote the secret.
    expect(messages[0]).toMatch(/A scrape could not be answered: Error: `.*bearerToken` could not be fetched\.$/);
    expect(messages[2]).toContain('to be a text of visible ASCII characters');
  });
});

describe('handleRequest', () => {
  it('leaves alone a response that somebody else has answered', async () => {
    const messages = captureDiagnostics();
    const { handleRequest } = makeExporter({});
    const ended = await serve((request, response) => {
      handleRequest(request, response);
      response.end('taken');
    });
    expect((await ask(ended)).text).toBe('taken');
    expect(messages).toEqual([]);
    const begun = await serve((request, response) => {
      response.writeHead(200);
      handleRequest(request, response);
      setImmediate(() => setImmediate(() => response.end('begun')));
    });
    expect((await ask(begun)).text).toContain('begun');
    expect(messages[0]).toContain('The answer to a scrape could not be sent');
  });

  it('does not throw where it is handed no request', async () => {
    const messages = captureDiagnostics();
    const { handleRequest, handleFetch } = makeExporter({});
    const url = await serve((_, response) => handleRequest(undefined as never, response));
    expect((await ask(url)).status).toBe(500);
    handleRequest({} as never, {} as never);
    expect((await handleFetch(undefined as never)).status).toBe(500);
    expect(messages.join()).toContain('A scrape could not be answered: TypeError');
  });

  it('answers after shutdown too, with the last state', async () => {
    const exporter = makeExporter({});
    const url = await serve(exporter.handleRequest);
    await exporter.shutdown();
    expect((await ask(url)).text).toContain('log_records_total{scope="scope",severity="ERROR"} 1\n');
  });

  it('answers with hostile attributes in both formats', async () => {
    const url = await serve(hostileExporter().handleRequest);
    const page = (accept: string): Promise<Answer> => ask(url, { headers: { accept, 'accept-encoding': 'gzip' } });
    expect(parseExposition((await page('text/plain')).text, 'text')).toHaveLength(4);
    expect(parseExposition((await page(PROMETHEUS_ACCEPT)).text, 'openmetrics')).toHaveLength(4);
  });
});
