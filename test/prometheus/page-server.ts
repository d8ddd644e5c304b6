import type { RequestListener } from 'node:http';

import { RefusingServer } from '../stand-in/refusing-server.ts';

/** A page of an application on 127.0.0.1, for Prometheus to scrape. */
export class PageServer {
  readonly #server: RefusingServer;

  private constructor(answer: RequestListener) {
    this.#server = new RefusingServer(answer);
  }

  static async launch(answer: RequestListener): Promise<PageServer> {
    const page = new PageServer(answer);
    await page.#server.accept();
    return page;
  }

  get url(): string {
    return `${this.#server.url}/metrics`;
  }

  async close(): Promise<void> {
    await this.#server.refuse();
  }
}
