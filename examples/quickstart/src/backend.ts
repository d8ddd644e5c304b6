import { LokiStandIn } from '@spillway/test/loki';

import { Relay } from './relay.ts';

/** A Loki, and a way to it that can be cut. */
export interface Backend {
  /** What it is, in a few words. */
  readonly description: string;
  /** Where it answers queries, whatever becomes of the way of the logs. */
  readonly url: URL;
  /** The way of the logs. */
  readonly relay: Relay;
  close(): Promise<void>;
}

/** Where `url` is undefined, a stand-in within this process: a real HTTP server that takes and refuses pushes as Loki does. */
export async function openBackend(url: URL | undefined): Promise<Backend> {
  const standIn = new LokiStandIn();
  const lokiUrl = url ?? new URL(await standIn.start());
  const relay = new Relay(lokiUrl);
  await relay.open();
  return {
    description: url === undefined ? 'a stand-in for Loki' : `Loki on ${url.host}`,
    url: lokiUrl,
    relay,
    close: async () => {
      await relay.close();
      await standIn.close();
    },
  };
}
