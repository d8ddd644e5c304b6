import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';

import { PrometheusLogRecordExporter } from '../../src/prometheus-log-record-exporter.ts';
import { logRecord } from '../store/log-record.ts';

const SERIES = 12_000;
const LABEL_CHARACTERS = 1000;
const EACH_USER = { name: 'm', type: 'counter', help: 'x', labels: [{ from: 'attributes.user' }] } as const;

/** An exporter whose page is larger than what a connection holds on its way. */
async function launchLarge(): Promise<{ exporter: PrometheusLogRecordExporter; port: number }> {
  const metrics = [{ ...EACH_USER, maxSeries: SERIES }];
  const exporter = new PrometheusLogRecordExporter({ metrics, endpoint: { port: 0 } });
  onTestFinished(() => exporter.shutdown());
  for (let user = 0; user < SERIES; user += 1) {
    exporter.export([logRecord({ attributes: { user: `${user}`.padEnd(LABEL_CHARACTERS, '-') } })], () => {});
  }
  const { port } = await exporter.listening();
  return { exporter, port };
}

/** A client that has asked, has got the beginning, and reads no further. */
async function pausedClient(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(socket, 'readable');
  return socket;
}

describe('a shutdown during a scrape', () => {
  it('lets a slow client read to the end', async () => {
    const { exporter, port } = await launchLarge();
    const socket = await pausedClient(port);
    const shutdown = exporter.shutdown({ timeoutMillis: 60_000 });
    let page = '';
    for await (const chunk of socket.setEncoding('latin1')) page += chunk as string;
    await shutdown;
    expect(page.match(/^m_total/gm)).toHaveLength(SERIES);
    expect(page.endsWith('} 1\n')).toBe(true);
  });

  it('cuts off at the deadline a client that reads no further', async () => {
    const { exporter, port } = await launchLarge();
    await pausedClient(port);
    await exporter.shutdown({ timeoutMillis: 10 });
    await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow('fetch failed');
  });
});

describe('a shutdown before the endpoint listens', () => {
  it('ends when the port is free for the next one', async () => {
    const free = new PrometheusLogRecordExporter({ endpoint: { port: 0 } });
    const { port } = await free.listening();
    await free.shutdown();
    await new PrometheusLogRecordExporter({ endpoint: { port } }).shutdown();
    const next = new PrometheusLogRecordExporter({ endpoint: { port } });
    onTestFinished(() => next.shutdown());
    await expect(next.listening()).resolves.toMatchObject({ port });
  });
});
