import { LokiStandIn } from '@spillway/test/loki';

/** A Loki that can be taken away for a while. */
export interface Backend {
  /** What it is, in a few words. */
  readonly description: string;
  /** What it does in an outage, in a few words. */
  readonly outage: string;
  /** Where to send to. */
  readonly url: URL;
  /** How to send; undefined for the runtime's own `fetch`. */
  readonly fetch: typeof fetch | undefined;
  readonly isOut: boolean;
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
  readonly outage = 'closes its port';
  readonly url: URL;
  readonly fetch = undefined;
  readonly #standIn: LokiStandIn;
  isOut = false;

  constructor(standIn: LokiStandIn, url: URL) {
    this.#standIn = standIn;
    this.url = url;
    this.description = `a Loki stand-in on ${url.host}`;
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
  readonly outage = 'is cut off: fetch refuses to connect';
  readonly url: URL;
  isOut = false;

  constructor(url: URL) {
    this.url = url;
    this.description = `Loki on ${url.host}`;
  }

  readonly fetch: typeof fetch = async (...args) => {
    if (!this.isOut) return fetch(...args);
    // As Node's fetch fails where nobody listens.
    const cause = Object.assign(new Error('connect ECONNREFUSED (simulated)'), { code: 'ECONNREFUSED' });
    throw new TypeError('fetch failed', { cause });
  };

  async beginOutage(): Promise<void> {
    this.isOut = true;
  }

  async endOutage(): Promise<void> {
    this.isOut = false;
  }

  async close(): Promise<void> {}
}
