import type { PageConfig } from './page-config.ts';
import { createPipelines } from './pipelines.ts';
import type { WorkerAnswer, WorkerCall } from './worker-pipelines.ts';

const config = JSON.parse(new URLSearchParams(location.search).get('config') ?? '{}') as PageConfig;
const pipelines = createPipelines(config);

globalThis.addEventListener('message', ({ data }: MessageEvent<WorkerCall>) => {
  const method = pipelines[data.method] as (...arguments_: readonly number[]) => unknown;
  void Promise.resolve(method(...data.arguments)).then((value) => {
    const answer: WorkerAnswer = { id: data.id, value };
    (globalThis as unknown as DedicatedPort).postMessage(answer, []);
  });
});

/** The global of a dedicated worker, as far as it is needed: the types here are those of a window. */
interface DedicatedPort {
  readonly postMessage: (answer: WorkerAnswer, transfer: Transferable[]) => void;
}
