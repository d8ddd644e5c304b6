import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** Takes logs by OTLP over HTTP in JSON, as a Collector does. */
export interface OtlpReceiver {
  readonly url: string;
  /** Prints the records that came since they were last printed. */
  printRecords(): void;
  close(): void;
}

interface OtlpLogs {
  readonly resourceLogs: readonly { readonly scopeLogs: readonly { readonly logRecords: readonly OtlpRecord[] }[] }[];
}

interface OtlpRecord {
  readonly severityText: string;
  readonly body: { readonly stringValue: string };
}

export async function openOtlpReceiver(): Promise<OtlpReceiver> {
  let records: OtlpRecord[] = [];
  const server = createServer(async (request, response) => {
    const { resourceLogs } = (await json(request)) as OtlpLogs;
    records.push(...resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords)));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    printRecords: () => {
      console.log(`The OTLP receiver has ${records.length} new records.`);
      for (const { severityText, body } of records) console.log(`  ${severityText.padEnd(5)} ${body.stringValue}`);
      records = [];
    },
    close: () => server.close(),
  };
}
