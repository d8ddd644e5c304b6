import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from '../real-programs/free-port.ts';
import { poll } from '../real-programs/poll.ts';
import { Program } from '../real-programs/program.ts';
import type { ApiExemplar, ApiSample, ApiTarget } from './prometheus-api.ts';

const MILLIS_PER_SECOND = 1000;

/** A target to scrape each second. */
export interface ScrapeTarget {
  readonly job: string;
  /** Address with its path. */
  readonly url: string;
  /** Whether labels `job` and `instance` of the page win, as a Pushgateway needs. @defaultValue false */
  readonly honorLabels?: boolean;
}

/** A real Prometheus of this machine, with exemplars and the receiver of remote write, in a folder of its own. */
export class PrometheusServer {
  readonly #folder: string;
  readonly #port: number;
  readonly #program: Program;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#port = port;
    this.#program = new Program(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--web.enable-remote-write-receiver',
        '--enable-feature=exemplar-storage',
        // Its pages are elsewhere on Debian, and not needed.
        `--web.console.templates=${folder}`,
        `--web.console.libraries=${folder}`,
      ],
      `http://127.0.0.1:${port}/-/ready`,
    );
  }

  /** Starts a server that scrapes these targets. */
  static async launch(targets: readonly ScrapeTarget[] = []): Promise<PrometheusServer> {
    const folder = await mkdtemp(join(tmpdir(), 'spillway-prometheus-'));
    await writeFile(join(folder, 'prometheus.yml'), configuration(targets));
    const server = new PrometheusServer(folder, await freePort());
    try {
      await server.start();
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Starts again after {@link stop}, at the same address and with what it had stored. */
  async start(): Promise<void> {
    await this.#program.start();
  }

  /** Stops; what it has stored stays until {@link close}. */
  async stop(): Promise<void> {
    await this.#program.stop();
  }

  /** Ends at once, as a crash does. */
  async kill(): Promise<void> {
    await this.#program.kill();
  }

  async close(): Promise<void> {
    await this.#program.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** What an instant query finds now. */
  async query(expression: string): Promise<readonly ApiSample[]> {
    const { result } = await this.#get<{ result: readonly ApiSample[] }>('query', { query: expression });
    return result;
  }

  /** The values that a query finds, by one label. */
  async valuesBy(label: string, expression: string): Promise<Record<string, number>> {
    const samples = await this.query(expression);
    return Object.fromEntries(samples.map(({ metric, value }) => [metric[label] ?? '', Number(value[1])]));
  }

  async exemplars(selector: string): Promise<readonly ApiExemplar[]> {
    const found = await this.#get<readonly { exemplars: readonly ApiExemplar[] }[]>('query_exemplars', {
      query: selector,
      start: '0',
      end: '9999999999',
    });
    return found.flatMap(({ exemplars }) => exemplars);
  }

  /** The target of a job, once what a scrape that began after this call has read can be queried. */
  async scraped(job: string): Promise<ApiTarget> {
    const askedAt = Date.now() / MILLIS_PER_SECOND;
    return poll(`A scrape of ${job}`, async () => {
      const [scrapedAt] = await this.query(`timestamp(up{job="${job}"})`);
      if (!(Number(scrapedAt?.value[1]) > askedAt)) return undefined;
      const { activeTargets } = await this.#get<{ activeTargets: readonly ApiTarget[] }>('targets', {});
      return activeTargets.find(({ labels }) => labels['job'] === job);
    });
  }

  async #get<T>(path: string, parameters: Readonly<Record<string, string>>): Promise<T> {
    const response = await fetch(`${this.url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const { data, error } = (await response.json()) as { data: T; error?: string };
    if (error !== undefined) throw new Error(error);
    return data;
  }
}

/** JSON is YAML. */
function configuration(targets: readonly ScrapeTarget[]): string {
  return JSON.stringify({
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    storage: { exemplars: { max_exemplars: 1000 } },
    scrape_configs: targets.map(({ job, url, honorLabels = false }) => {
      const { host, pathname } = new URL(url);
      return {
        job_name: job,
        honor_labels: honorLabels,
        metrics_path: pathname,
        static_configs: [{ targets: [host] }],
      };
    }),
  });
}
