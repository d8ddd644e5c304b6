import type { IncomingMessage, ServerResponse } from 'node:http';

import { readBody } from '../../../../test/stand-in/read-body.ts';
import { RefusingServer } from '../../../../test/stand-in/refusing-server.ts';
import { parseExposition } from '../exposition/strict-parser.ts';

/** How the next requests are answered; the last one stays. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Answers only once this has resolved. */
  readonly when?: Promise<unknown>;
}

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const STORED: Reply = { status: 200 };
const TEXT_TYPE = /^text\/plain; version=0\.0\.4(?:; charset=utf-8)?$/;

/**
 * A Pushgateway as strict as the real one and stricter: it notes whatever a request should not be. Groups are kept by
 * their labels, as the real one reads them from the path.
 */
export class GatewayStandIn {
  readonly requests: ReceivedRequest[] = [];
  readonly complaints: string[] = [];
  readonly groups: Map<string, string> = new Map<string, string>();
  readonly #server = new RefusingServer((request, response) => void this.#answer(request, response));
  #replies: Reply[] = [];
  #running = 0;
  #onRequest: () => void = () => {};

  async start(): Promise<void> {
    await this.#server.accept();
  }

  get url(): string {
    return this.#server.url;
  }

  async close(): Promise<void> {
    await this.#server.refuse();
  }

  reply(...replies: readonly Reply[]): void {
    this.#replies = [...replies];
  }

  /** Resolves once there were so many requests in all. */
  async received(count: number): Promise<void> {
    while (this.requests.length < count) {
      await new Promise<void>((resolve) => {
        this.#onRequest = resolve;
      });
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#running += 1;
    if (this.#running > 1) this.complaints.push('two requests at once');
    response.on('close', () => (this.#running -= 1));
    const { method = '', url: path = '', headers } = request;
    const received = { method, path, headers, body: (await readBody(request, Infinity)).toString() };
    this.#check(received);
    const reply = (this.#replies.length > 1 ? this.#replies.shift() : this.#replies[0]) ?? STORED;
    this.requests.push(received);
    this.#onRequest();
    await reply.when;
    if (reply.status < 300) this.#store(received);
    response.writeHead(reply.status, reply.headers);
    response.end(reply.body);
  }

  #check({ method, headers, body }: ReceivedRequest): void {
    if (method === 'DELETE') return;
    if (method !== 'PUT') this.complaints.push(`method ${method}`);
    if (!TEXT_TYPE.test(headers['content-type'] ?? '')) this.complaints.push('wrong content type');
    try {
      parseExposition(body, 'text');
    } catch (error) {
      this.complaints.push(String(error));
    }
  }

  #store({ method, path, body }: ReceivedRequest): void {
    const key = JSON.stringify(groupLabels(path));
    if (method === 'DELETE') this.groups.delete(key);
    else this.groups.set(key, body);
  }
}

/** @see https://github.com/prometheus/pushgateway/blob/master/handler/push.go (`splitLabels`; read 2026-11-21) */
export function groupLabels(path: string): Record<string, string> {
  const parts = path.split('/').slice(2);
  if (!path.startsWith('/metrics/job') || parts.length % 2 > 0) throw new Error(`not the path of a group: ${path}`);
  const labels: Record<string, string> = {};
  for (let index = 0; index < parts.length; index += 2) {
    const [, name = '', encoding] = /^([^@]+)(@base64)?$/.exec(parts[index] ?? '') ?? [];
    const value = decodeURIComponent(parts[index + 1] ?? '');
    if (name in labels) throw new Error(`label ${name} twice`);
    labels[name] = encoding === undefined ? value : Buffer.from(value, 'base64url').toString();
  }
  return labels;
}
