import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** What a sink is told. It says when it has done it, with a port or with what it has counted. */
export type SinkCommand = { readonly kind: 'up' | 'down' } | { readonly kind: 'count'; readonly maxRecords: number };

/** What came since it was last down. */
export interface SinkCount {
  readonly requests: number;
  readonly bytes: number;
  readonly lines: number;
  /** Different records among the lines: the index of each is in its text. */
  readonly distinct: number;
}

/** A backend that takes everything at once, or refuses connections. Bodies are read only when they are counted. */
let bodies: Buffer[] = [];
let port = 0;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    bodies.push(Buffer.concat(chunks));
    response.writeHead(204).end();
  });
});
server.keepAliveTimeout = 60_000;

const RECORD_START = '\n["';
const INDEX_AFTER = '"request ';
const MAX_DIGITS = 10;

function count(maxRecords: number): SinkCount {
  const seen = new Uint8Array(maxRecords);
  let lines = 0;
  for (const compressed of bodies) {
    const body = gunzipSync(compressed);
    for (let at = body.indexOf(RECORD_START); at >= 0; at = body.indexOf(RECORD_START, at + 1)) {
      const digits = body.indexOf(INDEX_AFTER, at) + INDEX_AFTER.length;
      seen[Number.parseInt(body.toString('latin1', digits, digits + MAX_DIGITS), 10)] = 1;
      lines += 1;
    }
  }
  const bytes = bodies.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return { requests: bodies.length, bytes, lines, distinct: seen.reduce((sum, one) => sum + one, 0) };
}

process.on('message', (command: SinkCommand) => {
  if (command.kind === 'count') process.send?.(count(command.maxRecords));
  else if (command.kind === 'down') {
    bodies = [];
    server.close(() => process.send?.(port));
    server.closeAllConnections();
  } else {
    server.listen(port, '127.0.0.1', () => {
      ({ port } = server.address() as AddressInfo);
      process.send?.(port);
    });
  }
});
process.on('disconnect', () => process.exit(0));
