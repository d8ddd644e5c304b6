import { Agent, createServer, get, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import { PrometheusLogRecordExporter } from '@spillway/exporter-prometheus';

import type { MetricsContender } from './contenders.ts';

const gzipAsync = promisify(gzip);

/** A server of one contender, and a client that scrapes it as Prometheus does, over a connection that stays. */
export class ScrapeServer {
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(contender: MetricsContender): Promise<ScrapeServer> {
    const server = createServer(listenerOf(contender));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new ScrapeServer(server);
  }

  /** Resolves with the bytes of the body, when all of them are there. */
  scrape(headers: Readonly<Record<string, string>>): Promise<number> {
    const { port } = this.#server.address() as AddressInfo;
    return new Promise((resolve, reject) => {
      get({ port, host: '127.0.0.1', agent: this.#agent, headers }, (response) => {
        let bytes = 0;
        response.on('data', (chunk: Buffer) => (bytes += chunk.length));
        response.on('end', () => resolve(bytes));
      }).on('error', reject);
    });
  }

  stop(): void {
    this.#agent.destroy();
    this.#server.close();
  }
}

function listenerOf({ exporter, text }: MetricsContender): RequestListener {
  if (exporter instanceof PrometheusLogRecordExporter) return exporter.handleRequest;
  return (request, response) => void answer(text, request).then((body) => response.end(body));
}

/** What an application does around the text of a library that has no gzip. */
async function answer(text: () => Promise<string>, request: IncomingMessage): Promise<string | Buffer> {
  const body = await text();
  return request.headers['accept-encoding'] === 'gzip' ? gzipAsync(body) : body;
}
