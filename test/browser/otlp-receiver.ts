import type { IncomingMessage, ServerResponse } from 'node:http';

import { readBody } from '../stand-in/read-body.ts';
import { RefusingServer } from '../stand-in/refusing-server.ts';
import { recordIndex } from './page/record-text.ts';

interface LogsBody {
  readonly resourceLogs: readonly {
    readonly scopeLogs: readonly {
      readonly logRecords: readonly { readonly body: { readonly stringValue: string } }[];
    }[];
  }[];
}

/** Takes OTLP/HTTP with JSON from pages of any origin, and knows which records came, in order of their numbers. */
export class OtlpReceiver {
  readonly #server = new RefusingServer((request, response) => void this.#answer(request, response));
  readonly #found: number[] = [];

  static async open(): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver();
    await receiver.#server.accept();
    return receiver;
  }

  get url(): string {
    return `${this.#server.url}/v1/logs`;
  }

  get found(): readonly number[] {
    return this.#found.toSorted((a, b) => a - b);
  }

  async close(): Promise<void> {
    await this.#server.refuse();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', '*');
    if (request.method === 'POST') {
      const { resourceLogs } = JSON.parse((await readBody(request, Infinity)).toString()) as LogsBody;
      const records = resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords));
      this.#found.push(...records.map(({ body }) => recordIndex(body.stringValue)));
    }
    response.setHeader('content-type', 'application/json');
    response.end('{}');
  }
}
