import { type ClientRequest, type IncomingMessage, request } from 'node:http';

import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';

/** An event as a client got it. */
export interface Received {
  readonly type: string;
  readonly id?: string | undefined;
  // What is in it is for the test to know.
  readonly data: Record<string, unknown>;
}

export interface WatchOptions {
  /** Behind the path, with its question mark. */
  readonly query?: string;
  readonly headers?: Record<string, string>;
}

/** What a client got, and when. */
export class Watcher {
  readonly events: Received[] = [];
  /** Whether the connection has ended. */
  isClosed = false;
  readonly #counts = new Map<string, number>();
  readonly #checks = new Set<() => void>();
  readonly #pause: (isPaused: boolean) => void;
  readonly close: () => void;

  constructor(pause: (isPaused: boolean) => void, close: () => void) {
    this.#pause = pause;
    this.close = close;
    onTestFinished(close);
  }

  /** Reads no further. */
  stall(): void {
    this.#pause(true);
  }

  readOn(): void {
    this.#pause(false);
  }

  accept(event: Received): void {
    this.events.push(event);
    this.#counts.set(event.type, this.count(event.type) + 1);
    for (const check of this.#checks) check();
  }

  end(): void {
    this.isClosed = true;
    for (const check of this.#checks) check();
  }

  /** Resolves when the condition holds; it is looked at after each event. */
  until(isMet: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!isMet()) return;
        this.#checks.delete(check);
        resolve();
      };
      this.#checks.add(check);
      check();
    });
  }

  untilClosed(): Promise<void> {
    return this.until(() => this.isClosed);
  }

  count(type: string): number {
    return this.#counts.get(type) ?? 0;
  }

  /** Resolves when the record of this offset is there. */
  untilOffset(offset: number): Promise<void> {
    return this.until(() => this.events.at(-1)?.data['offset'] === offset);
  }

  of(type: string): Record<string, unknown>[] {
    return this.events.filter((event) => event.type === type).map(({ data }) => data);
  }

  async untilCount(type: string, count: number): Promise<Record<string, unknown>[]> {
    await this.until(() => this.count(type) >= count);
    return this.of(type);
  }

  get offsets(): unknown[] {
    return this.of('record').map(({ offset }) => offset);
  }
}

const pathOf = (url: string, path: string, query = ''): URL => new URL(`${path}${query}`, url.replace(/#.*/, ''));
export const tokenOf = (url: string): string => new URL(url).hash.slice('#token='.length);

/** Watches by server-sent events. Resolves when the answer has begun. */
export async function watchEvents(url: string, { query, headers }: WatchOptions = {}): Promise<Watcher> {
  const authorization = `Bearer ${tokenOf(url)}`;
  const asking: ClientRequest = request(pathOf(url, 'events', query), {
    agent: false,
    headers: { authorization, ...headers },
  });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    asking.once('response', resolve).once('error', reject).end();
  });
  if (response.statusCode !== 200) {
    response.destroy();
    throw new Error(`status ${response.statusCode}`);
  }
  const watcher = new Watcher(
    (isPaused) => (isPaused ? response.pause() : response.resume()),
    () => asking.destroy(),
  );
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    const blocks = (text + chunk).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) if (!block.startsWith(':')) watcher.accept(parseEvent(block));
  });
  response.once('close', () => watcher.end());
  response.on('error', () => {});
  return watcher;
}

function parseEvent(block: string): Received {
  const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)));
  return { type: fields['event'] as string, id: fields['id'] as string, data: JSON.parse(fields['data'] as string) };
}

/** Watches by WebSocket. Resolves when it is open. */
export async function watchSocket(url: string, { query, headers }: WatchOptions = {}): Promise<Watcher> {
  const protocols = ['spillway.live-tail.1', `token.${tokenOf(url)}`];
  const webSocket = new WebSocket(pathOf(url, 'socket', query), protocols, { headers: headers ?? {} });
  const watcher = new Watcher(
    (isPaused) => (isPaused ? webSocket.pause() : webSocket.resume()),
    () => webSocket.terminate(),
  );
  webSocket.on('message', (message) => watcher.accept(JSON.parse((message as Buffer).toString()) as Received));
  webSocket.on('close', () => watcher.end());
  await new Promise((resolve, reject) => {
    webSocket.once('open', resolve).once('error', reject);
  });
  return watcher;
}

export const TRANSPORTS = ['sse', 'websocket'] as const;
export const WATCH: Readonly<Record<(typeof TRANSPORTS)[number], typeof watchEvents>> = {
  sse: watchEvents,
  websocket: watchSocket,
};
