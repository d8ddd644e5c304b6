import type { PageConfig, Pipelines } from './page-config.ts';

/** A call to the pipelines of a worker. */
export interface WorkerCall {
  readonly id: number;
  readonly method: keyof Pipelines;
  readonly arguments: readonly number[];
}

/** What it returned. */
export interface WorkerAnswer {
  readonly id: number;
  readonly value: unknown;
}

/** Pipelines that are in a dedicated worker of this page. */
export function workerPipelines(config: PageConfig): Pipelines {
  const worker = new Worker(`/worker.js?config=${encodeURIComponent(JSON.stringify(config))}`);
  // An error in there is one of the page.
  worker.addEventListener('error', ({ message }) => reportError(new Error(`In the worker: ${message}`)));
  const waiting = new Map<number, (value: unknown) => void>();
  let calls = 0;
  worker.addEventListener('message', ({ data }: MessageEvent<WorkerAnswer>) => {
    waiting.get(data.id)?.(data.value);
    waiting.delete(data.id);
  });
  const call =
    (method: WorkerCall['method']) =>
    (...arguments_: unknown[]): Promise<never> =>
      new Promise((resolve) => {
        calls += 1;
        waiting.set(calls, resolve as (value: unknown) => void);
        worker.postMessage({ id: calls, method, arguments: arguments_ }, []);
      });
  return {
    emit: call('emit'),
    stats: call('stats'),
    flush: call('flush'),
    diagMessages: call('diagMessages'),
  };
}
