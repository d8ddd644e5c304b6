import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';

import { LiveTailLogRecordExporter } from '@spillway/exporter-live-tail';

import { exporterConformance } from './exporter-conformance.ts';

const TOKEN = 'a-token-of-the-test';

/** A client that reads everything. Answers how to end it. */
async function watch(url: string): Promise<() => void> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const asking = request(new URL('events', url.replace(/#.*/, '')), { agent: false, headers }).end();
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  response.on('error', () => {});
  response.resume();
  return () => response.destroy();
}

exporterConformance('LiveTailLogRecordExporter', {
  sends: false,
  create: async () => {
    const exporter = new LiveTailLogRecordExporter({ port: 0, token: TOKEN });
    const close = await watch(await exporter.listening());
    return {
      exporter,
      storedCount: () => exporter.stats().clients.sent,
      close: () => Promise.resolve(close()),
    };
  },
});
