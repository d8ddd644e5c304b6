import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type Deadline, workUntilDeadline } from './deadline.ts';
import type { ThrottledDiag } from './throttled-diag.ts';
import { withTracingSuppressed } from './tracing-suppression.ts';

export interface ListeningServerOptions {
  /** Not listening yet. */
  readonly server: Server;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** How it is named in messages, such as `endpoint`. */
  readonly name: string;
  readonly diag: ThrottledDiag;
}

const ignore = (): void => {};

/** An HTTP server of an exporter's own. It keeps no process alive, neither by itself nor by its connections. */
export class ListeningServer {
  readonly #options: ListeningServerOptions;
  readonly #listening: Promise<AddressInfo>;
  #isClosing = false;

  /** Begins to listen. Never throws for what is found out then: {@link listening} tells, and the diagnostics. */
  constructor(options: ListeningServerOptions) {
    this.#options = options;
    const { server } = options;
    server.on('connection', (socket) => socket.unref());
    server.unref();
    this.#listening = this.#listen();
    // Whoever does not ask gets it from the diagnostics only.
    this.#listening.catch(ignore);
  }

  /** Whether it takes no more connections. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** The address, once the server listens. Rejects where it cannot. */
  listening(): Promise<AddressInfo> {
    return this.#listening;
  }

  /**
   * Takes no more connections, and has closed all there are when it resolves. The port is free then.
   *
   * @param endConnections ends those there are, at once or when they have what they wait for
   */
  async close(deadline: Deadline, endConnections: () => void): Promise<void> {
    this.#isClosing = true;
    const { server } = this.#options;
    // One that is about to listen takes the port for a moment yet.
    if (!server.listening) return workUntilDeadline(deadline, this.#listening);
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    endConnections();
    await workUntilDeadline(deadline, closed);
    server.closeAllConnections();
  }

  #listen(): Promise<AddressInfo> {
    const { server, host, port, name, diag } = this.#options;
    return new Promise((resolve, reject) => {
      server.on('error', (error) => {
        const advice = (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? '; port 0 takes a free one' : '';
        diag.error('listen', `The ${name} cannot listen on ${host}, port ${port}${advice}`, error);
        reject(error);
      });
      server.once('listening', () => {
        if (!this.#isClosing) return resolve(server.address() as AddressInfo);
        const error = new Error(`The exporter was shut down before its ${name} listened.`);
        server.close(() => reject(error));
        return undefined;
      });
      // Workers of a cluster would share the port, and requests get the answers of now one of them, now another.
      withTracingSuppressed(() => server.listen({ host, port, exclusive: true }));
    });
  }
}
