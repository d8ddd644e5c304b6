import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

import { countRecords } from './count-records.ts';

/**
 * A backend that takes everything at once, in a process of its own. Bodies are only kept while a contender runs, and
 * read when the figures are asked for, so that reading them takes no CPU from the measurement.
 */
interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

let received: Received[] = [];

const server = createServer((request, response) => {
  if (request.url === '/result') {
    const bytes = received.reduce((sum, { body }) => sum + body.byteLength, 0);
    const records = received.reduce((sum, { headers, body }) => sum + countRecords(headers, body), 0);
    const requests = received.length;
    received = [];
    response.end(JSON.stringify({ bytes, records, requests }));
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    received.push({ headers: request.headers, body: Buffer.concat(chunks) });
    const isLoki = request.url?.startsWith('/loki/') === true;
    response.writeHead(isLoki ? 204 : 200, isLoki ? {} : { 'content-type': request.headers['content-type'] });
    response.end(isLoki || request.headers['content-type'] !== 'application/json' ? undefined : '{}');
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit(0));
