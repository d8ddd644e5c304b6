import type { LokiLogRecordExporterOptions } from '@spillway/exporter-loki';
import { LokiStandIn } from '@spillway/test/loki';

/** A Loki that can be taken away for a while. */
export interface Backend {
  /** What it is, in a few words. */
  readonly description: string;
  /** What happens when the outage begins and when it ends, in a few words. */
  readonly outage: { readonly begins: string; readonly ends: string };
  /** Where it answers queries. */
  readonly url: URL;
  /** What an exporter needs to send to it. */
  readonly exporterOptions: LokiLogRecordExporterOptions;
  readonly isOut: boolean;
  /** How it is now, in a word of up to four letters. */
  readonly state: string;
  beginOutage(): Promise<void>;
  endOutage(): Promise<void>;
  close(): Promise<void>;
}

/** Where `url` is undefined, a stand-in within this process: a real HTTP server that takes and refuses pushes as Loki does. */
export async function openBackend(url: URL | undefined): Promise<Backend> {
  if (url !== undefined) return new RemoteLoki(url);
  const standIn = new LokiStandIn();
  return new EmbeddedLoki(standIn, new URL(await standIn.start()));
}

class EmbeddedLoki implements Backend {
  readonly description: string;
  readonly outage = { begins: 'Loki closes its port', ends: 'Loki listens again' };
  readonly url: URL;
  readonly exporterOptions: LokiLogRecordExporterOptions;
  readonly #standIn: LokiStandIn;
  isOut = false;

  constructor(standIn: LokiStandIn, url: URL) {
    this.#standIn = standIn;
    this.url = url;
    this.exporterOptions = { url: url.href };
    this.description = `a Loki stand-in on ${url.host}`;
  }

  get state(): string {
    return this.isOut ? 'down' : 'up';
  }

  async beginOutage(): Promise<void> {
    this.isOut = true;
    await this.#standIn.refuseConnections();
  }

  async endOutage(): Promise<void> {
    await this.#standIn.acceptConnections();
    this.isOut = false;
  }

  async close(): Promise<void> {
    await this.#standIn.close();
  }
}

/** A Loki that is not ours to stop: the outage is simulated on this side, where requests begin. */
class RemoteLoki implements Backend {
  readonly description: string;
  readonly outage = { begins: 'outage simulated: fetch refuses to connect', ends: 'fetch connects again' };
  readonly url: URL;
  readonly exporterOptions: LokiLogRecordExporterOptions;
  isOut = false;

  constructor(url: URL) {
    this.url = url;
    this.exporterOptions = { url: url.href, fetch: (...args) => this.#fetch(...args) };
    this.description = `Loki on ${url.host}`;
  }

  get state(): string {
    // Whether it is up is not for us to say.
    return this.isOut ? 'cut' : '-';
  }

  async beginOutage(): Promise<void> {
    this.isOut = true;
  }

  async endOutage(): Promise<void> {
    this.isOut = false;
  }

  async close(): Promise<void> {}

  async #fetch(...args: Parameters<typeof fetch>): Promise<Response> {
    if (!this.isOut) return fetch(...args);
    // As Node's fetch fails where nobody listens.
    const cause = Object.assign(new Error('connect ECONNREFUSED (simulated)'), { code: 'ECONNREFUSED' });
    throw new TypeError('fetch failed', { cause });
  }
}
