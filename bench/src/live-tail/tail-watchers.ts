import { get } from 'node:http';
import { WebSocket } from 'ws';

/** What a client got: records, and those that it was told are missing. */
export interface ClientCount {
  readonly records: number;
  readonly missed: number;
}

/** What this program is told: to stop reading with its first client, to go on, or to say what came. */
export type WatcherCommand = 'stall' | 'read on' | 'count';

const WEB_SOCKETS = 4;
const CLIENTS = 10;

/** A client that counts. */
class CountingClient {
  #records = 0;
  #missed = 0;
  #text = '';

  /** The text of server-sent events, in whatever pieces. */
  read(chunk: string): void {
    const blocks = (this.#text + chunk).split('\n\n');
    this.#text = blocks.pop() ?? '';
    for (const block of blocks) {
      if (block.includes('event: record\n')) this.#records += 1;
      else if (block.includes('event: gap\n')) this.#miss(JSON.parse(block.slice(block.indexOf('data: ') + 6)));
    }
  }

  take(message: string): void {
    if (message.startsWith('{"type":"record"')) this.#records += 1;
    else if (message.startsWith('{"type":"gap"')) this.#miss((JSON.parse(message) as { data: unknown }).data);
  }

  counts(): ClientCount {
    return { records: this.#records, missed: this.#missed };
  }

  #miss(gap: unknown): void {
    this.#missed += (gap as { count: number }).count;
  }
}

const [url = ''] = process.argv.slice(2);
const { origin, hash } = new URL(url);
const token = hash.slice('#token='.length);
const clients: CountingClient[] = [];
let setStalled = (_isStalled: boolean): void => {};

function watchEvents(client: CountingClient, isFirst: boolean): Promise<void> {
  const options = { agent: false as const, headers: { authorization: `Bearer ${token}` } };
  return new Promise((resolve) => {
    get(`${origin}/events`, options, (response) => {
      response.setEncoding('utf8').on('data', (chunk: string) => client.read(chunk));
      if (isFirst) setStalled = (isStalled) => (isStalled ? response.pause() : response.resume());
      resolve();
    });
  });
}

function watchSocket(client: CountingClient): Promise<void> {
  const webSocket = new WebSocket(`${origin.replace('http', 'ws')}/socket`, ['spillway.live-tail.1', `token.${token}`]);
  webSocket.on('message', (message) => client.take((message as Buffer).toString('latin1')));
  return new Promise((resolve) => webSocket.once('open', () => resolve()));
}

for (let index = 0; index < CLIENTS; index += 1) {
  const client = new CountingClient();
  clients.push(client);
  // A tail without a token is the naive one, which has no WebSocket.
  if (token !== '' && index >= CLIENTS - WEB_SOCKETS) await watchSocket(client);
  else await watchEvents(client, index === 0);
}
process.on('message', (command: WatcherCommand) => {
  if (command !== 'count') setStalled(command === 'stall');
  process.send?.(clients.map((client) => client.counts()));
});
process.send?.('open');
