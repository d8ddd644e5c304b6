import { join } from 'node:path';

import { ConfiguredProgram, launchProgram } from '../real-programs/configured-program.ts';
import { poll } from '../real-programs/poll.ts';
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
export class PrometheusServer extends ConfiguredProgram {
  /** Starts a server that scrapes these targets. */
  static async launch(targets: readonly ScrapeTarget[] = []): Promise<PrometheusServer> {
    const launched = await launchProgram({
      command: 'prometheus',
      configuration: configuration(targets),
      arguments: ({ folder, file, address }) => [
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=${address}`,
        '--web.enable-remote-write-receiver',
        '--enable-feature=exemplar-storage',
        // Its pages are elsewhere on Debian, and not needed.
        `--web.console.templates=${folder}`,
        `--web.console.libraries=${folder}`,
      ],
    });
    return new PrometheusServer(launched);
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

function configuration(targets: readonly ScrapeTarget[]): object {
  return {
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
  };
}
