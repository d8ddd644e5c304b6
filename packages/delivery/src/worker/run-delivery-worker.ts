import type { Backend } from '../backend.ts';
import type { AttachMessage, WorkerStart } from './messages.ts';
import { type FindBackend, WorkerSide } from './worker-side.ts';

export interface DeliveryWorkerOptions {
  /**
   * Backends that need not be imported by their address: a bundler has put them into the worker's file.
   * @defaultValue none; each is imported from the module that its exporter names
   */
  readonly backends?: readonly Backend[];
}

/**
 * Runs the worker's side of `workerDelivery()`, on the thread that calls it. For a file of your own that `workerUrl` names;
 * otherwise it is called for you.
 */
export function runDeliveryWorker({ backends = [] }: DeliveryWorkerOptions = {}): void {
  const { workerData } = process.getBuiltinModule('node:worker_threads');
  const findBackend: FindBackend = async (message) =>
    backends.find(({ id }) => id === message.backendId) ?? importBackend(message);
  new WorkerSide(workerData as WorkerStart, findBackend).listen();
}

async function importBackend({ backendUrl, backendId }: AttachMessage): Promise<Backend> {
  if (backendUrl === undefined) throw new Error(`The worker has no backend \`${backendId}\`, and no module is known.`);
  const { backend } = (await import(backendUrl)) as { readonly backend?: Backend };
  if (backend?.id === backendId) return backend;
  throw new Error(`The module of the backend \`${backendId}\` does not export it as \`backend\`.`);
}
