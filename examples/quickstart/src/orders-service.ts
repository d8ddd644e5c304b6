import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

import { type Context, type Logger, type LogRecord, SeverityNumber } from '@opentelemetry/api';

import { requestContext } from './trace-context.ts';

export interface Order {
  readonly item: string;
  readonly quantity: number;
  /** Payment token. `declined` and `unreachable` say what the payment provider will do. */
  readonly card: string;
}

/** The service asks again at once: a loop of lines that are all alike. */
const PAYMENT_ATTEMPTS = 20;

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** Takes orders over HTTP and logs what it does, as any service with the OpenTelemetry Logs API would. */
export class OrdersService {
  readonly #logger: Logger;
  readonly #orders: Order[] = [];
  // Idle connections stay open until the end: one that closes just as a client uses it again would be a failed request.
  readonly #server: Server = createServer(
    { keepAliveTimeout: 0 },
    (request, response) => void this.#handle(request, response),
  );

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Listens on 127.0.0.1 and answers with the port. */
  async start(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeAllConnections();
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = performance.now();
    const { method, url, headers } = request;
    const context = requestContext(headers['traceparent']?.toString());
    const { status, body } = await this.#route(request, context).catch((exception: unknown): Reply => {
      this.#log('ERROR', { context, body: 'Request failed', exception });
      return { status: 502, body: { error: 'try again later' } };
    });
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    this.#log('INFO', {
      context,
      body: `${method} ${url} ${status}`,
      attributes: {
        'http.request.method': method,
        'url.path': url,
        'http.response.status_code': status,
        'http.server.request.duration': (performance.now() - startedAt) / 1000,
      },
    });
  }

  async #route(request: IncomingMessage, context: Context): Promise<Reply> {
    const { method, url = '' } = request;
    if (method === 'POST' && url === '/orders') return this.#create((await json(request)) as Order, context);
    const id = /^\/orders\/(\d+)$/.exec(url)?.[1];
    if (method === 'GET' && id !== undefined) return this.#find(Number(id), context);
    return { status: 404, body: { error: 'no such page' } };
  }

  #create(order: Order, context: Context): Reply {
    const { item, quantity, card } = order;
    if (card === 'unreachable') {
      for (let attempt = 1; attempt <= PAYMENT_ATTEMPTS; attempt += 1) {
        this.#log('DEBUG', { context, body: `Asking the payment provider, attempt ${attempt}` });
        this.#log('WARN', { context, body: `Payment provider did not answer, attempt ${attempt}` });
      }
      throw new Error('The payment provider did not answer');
    }
    if (card === 'declined') {
      this.#log('WARN', { context, body: 'Payment declined', attributes: { 'order.item': item } });
      return { status: 402, body: { error: 'payment declined' } };
    }
    const id = this.#orders.push(order);
    const attributes = { 'order.id': id, 'order.item': item, 'order.quantity': quantity };
    this.#log('INFO', { context, body: `Order ${id} accepted: ${quantity} x ${item}`, attributes });
    return { status: 201, body: { id } };
  }

  #find(id: number, context: Context): Reply {
    const order = this.#orders[id - 1];
    const body = `Order ${id} ${order === undefined ? 'is not known' : 'found'}`;
    this.#log('DEBUG', { context, body, attributes: { 'order.id': id } });
    return order === undefined ? { status: 404, body: { error: 'no such order' } } : { status: 200, body: order };
  }

  #log(severityText: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR', record: LogRecord): void {
    this.#logger.emit({ severityNumber: SeverityNumber[severityText], severityText, ...record });
  }
}
