import type { IncomingMessage, ServerResponse } from 'node:http';

import { RefusingServer } from '../stand-in/refusing-server.ts';
import { bundlePageScript } from './page-bundle.ts';

/** Built once for all tests of a file. */
const scripts = Promise.all(
  ['main', 'worker', 'otlp'].map((name) => bundlePageScript(new URL(`page/${name}.ts`, import.meta.url))),
);

/** An origin of its own, with any number of pages: every path is one; `/sandbox...` is one within a sandboxed frame, `/otlp...` one with OTLP. */
export class PageSite {
  readonly #server = new RefusingServer((request, response) => void this.#answer(request, response));
  /** `connect-src` of the policy of its pages. @defaultValue none */
  connectSources: string | undefined;

  static async open(): Promise<PageSite> {
    const site = new PageSite();
    await scripts;
    await site.#server.accept();
    return site;
  }

  get origin(): string {
    return this.#server.url;
  }

  async close(): Promise<void> {
    await this.#server.refuse();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(request.url ?? '/', this.origin);
    const [main = '', worker = '', otlp = ''] = await scripts;
    if (pathname === '/main.js') send(response, 'text/javascript', main);
    else if (pathname === '/worker.js') send(response, 'text/javascript', worker);
    else if (pathname === '/otlp.js') send(response, 'text/javascript', otlp);
    else if (pathname === '/favicon.ico') response.writeHead(204).end();
    else {
      if (this.connectSources !== undefined) {
        response.setHeader('content-security-policy', `connect-src ${this.connectSources}`);
      }
      send(response, 'text/html', pathname.startsWith('/sandbox') ? frame(`/framed${search}`) : page(pathname));
    }
  }
}

function page(title: string): string {
  const script = title.startsWith('/otlp') ? '/otlp.js' : '/main.js';
  return `<!doctype html><meta charset="utf-8"><title>${title}</title><script src="${script}"></script>`;
}

function frame(address: string): string {
  const source = address.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<!doctype html><meta charset="utf-8"><title>frame</title><iframe sandbox="allow-scripts" src="${source}"></iframe>`;
}

function send(response: ServerResponse, type: string, text: string): void {
  response.setHeader('content-type', `${type}; charset=utf-8`);
  response.end(text);
}
