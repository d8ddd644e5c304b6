import { type DeadlineOptions, flushBeforeExit, type ThrottledDiag } from '@spillway/core';
import type { DestinationStats } from '@spillway/delivery';

import type { ResolvedPrometheusOptions } from './prometheus-exporter-options.ts';
import { type EndpointAddress, EndpointServer } from './pull/endpoint-server.ts';
import { type Exposition, ScrapeResponder } from './pull/scrape-responder.ts';
import type { PushStats } from './push/push-log.ts';
import { PushgatewayPusher } from './push/pushgateway-pusher.ts';
import { RemoteWriter } from './remote-write/remote-writer.ts';
import type { FamilySnapshot } from './store/family-snapshot.ts';

/** What is let out: the metrics as they are now. */
interface OutletSource {
  readonly families: () => readonly FamilySnapshot[];
  /** The metrics as text, for a client that sends this header `Accept`. */
  readonly expose: (accept: string | undefined) => Exposition;
  /** Records that were evaluated so far. */
  readonly evaluated: () => number;
  readonly diag: ThrottledDiag;
}

/** How the ways that push are doing. */
export interface OutletStats {
  /** Undefined without the option `pushgateway`. */
  readonly pushgateway: PushStats | undefined;
  /** The account of every sample that was written; undefined without the option `remoteWrite`. */
  readonly remoteWrite: DestinationStats | undefined;
}

/** The ways by which metrics leave that run by themselves: the endpoint, the Pushgateway and remote write. */
export class Outlets {
  readonly #writer: RemoteWriter | undefined;
  readonly #pusher: PushgatewayPusher | undefined;
  readonly #server: EndpointServer | undefined;
  readonly #stopExitFlush: () => void;

  /** @throws Error where a delivery that is shared was shut down; nothing was started then. */
  constructor({ remoteWrite, pushgateway, endpoint }: ResolvedPrometheusOptions, source: OutletSource) {
    const { families, expose, evaluated, diag } = source;
    this.#writer = remoteWrite && new RemoteWriter(remoteWrite, families);
    this.#pusher = pushgateway && new PushgatewayPusher(pushgateway, families, evaluated);
    this.#server =
      endpoint && new EndpointServer(endpoint, new ScrapeResponder({ expose, auth: endpoint.auth, diag }), diag);
    this.#stopExitFlush = this.#listenForTheEnd(evaluated);
  }

  /** Where the endpoint listens, once it does. Rejects where it cannot, and where there is none. */
  listening(): Promise<EndpointAddress> {
    return this.#server?.listening() ?? Promise.reject(new Error('The exporter has no endpoint.'));
  }

  /** Pushes the latest state. Never rejects. */
  async forceFlush(options: DeadlineOptions | undefined): Promise<void> {
    await Promise.all([this.#pusher?.forceFlush(options), this.#writer?.forceFlush(options)]);
  }

  flushSync(deadlineMillis: number): void {
    this.#writer?.flushSync(deadlineMillis);
  }

  /** Ends scrapes under way, pushes a last time, and frees everything. Never rejects. */
  async shutdown(timeoutMillis: number): Promise<void> {
    this.#stopExitFlush();
    const pushes = [this.#pusher?.shutdown({ timeoutMillis }), this.#writer?.shutdown({ timeoutMillis })];
    await Promise.all([this.#server?.close(timeoutMillis), ...pushes]);
  }

  stats(): OutletStats {
    return { pushgateway: this.#pusher?.stats(), remoteWrite: this.#writer?.stats() };
  }

  /** Scrapes come by themselves; what is pushed has to leave before a script ends. Answers how to stop that. */
  #listenForTheEnd(evaluated: () => number): () => void {
    const [pusher, writer] = [this.#pusher, this.#writer];
    if (pusher === undefined && writer === undefined) return () => {};
    return flushBeforeExit({
      get entered() {
        return evaluated();
      },
      forceFlush: async (options) => {
        await Promise.all([pusher?.flushBeforeExit(options), writer?.forceFlush(options)]);
      },
    });
  }
}
