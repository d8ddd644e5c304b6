import { freePort } from '../real-programs/free-port.ts';
import { Program } from '../real-programs/program.ts';

/** A real Pushgateway of this machine, which keeps its groups in memory. */
export class PushgatewayServer {
  readonly #port: number;
  readonly #program: Program;

  private constructor(port: number) {
    this.#port = port;
    this.#program = new Program(
      'prometheus-pushgateway',
      [`--web.listen-address=127.0.0.1:${port}`, '--persistence.file='],
      `http://127.0.0.1:${port}/-/ready`,
    );
  }

  static async launch(): Promise<PushgatewayServer> {
    const server = new PushgatewayServer(await freePort());
    await server.#program.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async close(): Promise<void> {
    await this.#program.stop();
  }

  /** The page that Prometheus scrapes. */
  async page(): Promise<string> {
    const response = await fetch(`${this.url}/metrics`);
    return response.text();
  }

  /** Labels of all groups that there are. */
  async groups(): Promise<readonly Readonly<Record<string, string>>[]> {
    const response = await fetch(`${this.url}/api/v1/metrics`);
    const { data } = (await response.json()) as { data: readonly { labels: Record<string, string> }[] };
    return data.map(({ labels }) => labels);
  }
}
