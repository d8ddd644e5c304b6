import { request, type RequestOptions } from 'node:http';
import { gunzipSync } from 'node:zlib';

export interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

/** Sends a request with exactly these headers, and reads the answer, expanded where it is compressed. */
export async function ask(url: string, options: RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { agent: false, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const headers = response.headers as Answer['headers'];
        resolve({ status: response.statusCode, headers, text: textOf(Buffer.concat(chunks), headers) });
      });
    });
    asking.once('error', reject).end();
  });
}

export function textOf(body: Buffer, headers: Answer['headers']): string {
  return (headers['content-encoding'] === 'gzip' && body.length > 0 ? gunzipSync(body) : body).toString();
}
