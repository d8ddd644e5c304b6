import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { LogRecordExporter } from '@opentelemetry/sdk-logs';

/** A live tail as it is first written: each record is written to each client, whatever `write` answers. */
export async function naiveExporter(): Promise<{ readonly exporter: LogRecordExporter; readonly url: string }> {
  const clients = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    clients.add(response);
    request.once('close', () => clients.delete(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  let offset = 0;
  const exporter: LogRecordExporter = {
    export: (records, callback) => {
      for (const {
        hrTime,
        severityNumber,
        severityText,
        body,
        attributes,
        resource,
        instrumentationScope,
      } of records) {
        const [scope, time] = [instrumentationScope.name, hrTime[0] * 1000 + hrTime[1] / 1e6];
        const fields = { severityNumber, severityText, body, scope, attributes, resource: resource.attributes };
        const data = JSON.stringify({ offset, time, ...fields });
        for (const client of clients) client.write(`id: ${offset}\nevent: record\ndata: ${data}\n\n`);
        offset += 1;
      }
      callback({ code: 0 });
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  return { exporter, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}
