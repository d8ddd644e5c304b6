import { PassThrough } from 'node:stream';

import { expect, test } from 'vitest';

import type { ClientStream } from '../src/clients/client-stream.ts';
import { Outflow } from '../src/clients/outflow.ts';
import { TailClient } from '../src/clients/tail-client.ts';
import { RecentRecords } from '../src/records/recent-records.ts';

/** A client to which nothing leaves, and what was asked of its connection. */
function stalledClient() {
  const pings: (() => void)[] = [];
  const socket = new PassThrough();
  const stream: ClientStream = {
    transport: 'sse',
    outflow: new Outflow(socket),
    writeRecord: (record) => void socket.write(record.sse),
    writeEvent: () => {},
    ping: (onWritten = () => {}) => void pings.push(onWritten),
    end: () => {},
    destroy: () => {},
  };
  const recent = new RecentRecords({ maxRecords: 10, maxBytes: 1_000_000 });
  const buffer = { maxSize: 10, maxBytes: 1_000_000, backpressureThreshold: 0.8 };
  const client = new TailClient({ id: 'c', stream, recent, buffer, flush: 'per-event', onProgress: () => {} });
  client.offer(recent.add(`"body":"${'x'.repeat(100_000)}"}`));
  return { client, pings };
}

test('however often it is flushed, one ping is on its way, and one more where it was flushed meanwhile', () => {
  const { client, pings } = stalledClient();
  for (let flush = 0; flush < 100; flush += 1) client.hurry(flush);
  expect(pings).toHaveLength(1);
  pings[0]?.();
  expect(pings).toHaveLength(2);
  pings[1]?.();
  expect(pings).toHaveLength(2);
  client.hurry(100);
  expect(pings).toHaveLength(3);
});
