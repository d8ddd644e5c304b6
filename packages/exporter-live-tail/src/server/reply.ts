import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** An answer that is not a stream. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Of every answer: nothing is stored, nothing is taken for what it is not, and no address is told to others. */
export const COMMON_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};
const PLAIN = { 'content-type': 'text/plain; charset=utf-8' };

/** An answer that says in words what its status says. */
export function statusReply(status: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { ...PLAIN, ...headers }, body: `${statusText(status)}\n` };
}

export function sendReply(response: ServerResponse, { status, headers, body = '' }: Reply): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { ...COMMON_HEADERS, ...headers, 'content-length': Buffer.byteLength(body) });
  // Ended when the client has it: a server that closes would cut it off before.
  response.write(body, () => response.end());
}

/** Answers a request for an upgrade, which gets none. */
export function refuseUpgrade(socket: Duplex, { status, headers, body = '' }: Reply): void {
  const all = { ...COMMON_HEADERS, ...headers, connection: 'close', 'content-length': String(Buffer.byteLength(body)) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${statusText(status)}\r\n${lines.join('')}\r\n${body}`, () => socket.destroy());
}

function statusText(status: number): string {
  return process.getBuiltinModule('node:http').STATUS_CODES[status] ?? '';
}
