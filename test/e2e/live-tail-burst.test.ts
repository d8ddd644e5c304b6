import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';

import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { LiveTailLogRecordExporter } from '@spillway/exporter-live-tail';
import { HybridLogRecordProcessor } from '@spillway/processors';
import { expect, onTestFinished, test } from 'vitest';

const RECORDS = 20_000;
const BODY_CHARACTERS = 500;
const TOKEN = 'a-token-of-the-test';

/** What a client got: how many records, and how many it was told are missing. */
class Client {
  records = 0;
  missed = 0;
  #isOver = (): void => {};
  /** Resolves when each record has come or is known to be missing. */
  readonly over = new Promise<void>((resolve) => (this.#isOver = resolve));

  accept(type: string | undefined, data: string): void {
    if (type === 'record') this.records += 1;
    else if (type === 'gap') this.missed += (JSON.parse(data) as { count: number }).count;
    if (this.records + this.missed === RECORDS) this.#isOver();
  }
}

async function watchEvents(url: string, client: Client): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const asking = request(new URL('events', url), { agent: false, headers }).end();
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  onTestFinished(() => void asking.destroy());
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    const blocks = (text + chunk).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      client.accept(/^event: (.*)$/m.exec(block)?.[1], block.slice(block.indexOf('data: ') + 'data: '.length));
    }
  });
  return response;
}

async function watchSocket(url: string, client: Client): Promise<void> {
  const webSocket = new WebSocket(new URL('socket', url.replace('http', 'ws')), [
    'spillway.live-tail.1',
    `token.${TOKEN}`,
  ]);
  onTestFinished(() => webSocket.close());
  webSocket.addEventListener('message', ({ data }) => {
    const text = data as string;
    client.accept(/^\{"type":"(\w+)"/.exec(text)?.[1], text.slice(text.indexOf('"data":') + 7, -1));
  });
  await once(webSocket, 'open');
}

test('of a burst nine clients get every record, and a tenth that does not read learns how many it missed', async () => {
  const exporter = new LiveTailLogRecordExporter({ port: 0, token: TOKEN });
  onTestFinished(() => exporter.shutdown({ timeoutMillis: 100 }));
  const url = (await exporter.listening()).replace(/#.*/, '');
  const clients = Array.from({ length: 10 }, () => new Client());
  const [stalled, ...fast] = clients as [Client, ...Client[]];
  const response = await watchEvents(url, stalled);
  response.pause();
  for (const [index, client] of fast.entries()) {
    if (index % 2 === 0) await watchSocket(url, client);
    else await watchEvents(url, client);
  }
  const processor = new HybridLogRecordProcessor({ exporter });
  const logger = new LoggerProvider({ processors: [processor] }).getLogger('burst');
  for (let index = 0; index < RECORDS; index += 1) {
    logger.emit({ severityNumber: 9, body: `record ${index}`.padEnd(BODY_CHARACTERS, '.') });
  }
  await processor.forceFlush();
  await Promise.all(fast.map(({ over }) => over));
  expect(fast.map(({ records, missed }) => [records, missed])).toEqual(fast.map(() => [RECORDS, 0]));
  expect(processor.stats()).toMatchObject({ received: RECORDS, passed: RECORDS, droppedTotal: 0 });
  const { dropped } = exporter.stats().clients;
  expect(dropped).toBeGreaterThan(0);
  response.resume();
  await stalled.over;
  expect(stalled.missed).toBe(dropped);
  await processor.shutdown();
}, 30_000);
