import { checkFields, checkOptions, optionMessage } from '@spillway/core';

import type { ResolvedDeliveryOptions, WorkerDelivery } from './delivery-options.ts';
import { siblingUrl } from './sibling-url.ts';
import { toBackoffTable } from './worker/backoff-table.ts';
import type { WorkerSettings } from './worker/messages.ts';
import { WorkerCarrier } from './worker/worker-carrier.ts';

export interface WorkerDeliveryOptions {
  /**
   * Program of the worker: a module that calls `runDeliveryWorker()`. For applications that are bundled into one file, where
   * the module of this package cannot be found.
   * @defaultValue the one of this package
   */
  readonly workerUrl?: string | URL;
}

/**
 * Lets a thread of its own compress, hold and send what an exporter has encoded: the option `worker` of exporters. The
 * thread that logs only encodes. For Node; the worker is started by the exporter's constructor and ends with its shutdown.
 *
 * - What the worker has not stored stays on the side of the application too: a worker that dies is started again, and goes
 *   on with it. Where it cannot be started, the application's thread sends, and an error is logged.
 * - When the process ends without a shutdown, the worker sends what it has for 2 s at most.
 *
 * @throws TypeError or RangeError where an option is wrong, and Error where there are no worker threads
 */
export function workerDelivery(options: WorkerDeliveryOptions = {}): WorkerDelivery {
  checkOptions(options);
  checkFields('', options, ['workerUrl']);
  const workerUrl = checkWorkerUrl(options.workerUrl ?? siblingUrl(import.meta.url, 'delivery-worker'));
  if (globalThis.process?.getBuiltinModule?.('node:worker_threads') === undefined) {
    throw new Error('workerDelivery() needs the worker threads of Node.');
  }
  const hasBackends = options.workerUrl !== undefined;
  return { carry: (delivery) => new WorkerCarrier(workerUrl, settingsOf(delivery), { delivery, hasBackends }) };
}

function checkWorkerUrl(workerUrl: unknown): URL {
  if (workerUrl instanceof URL) return workerUrl;
  if (typeof workerUrl !== 'string') throw new TypeError(optionMessage('workerUrl', 'a URL', workerUrl));
  if (!URL.canParse(workerUrl))
    throw new RangeError(
      optionMessage('workerUrl', "an absolute URL, such as new URL('./worker.js', import.meta.url)", workerUrl),
    );
  return new URL(workerUrl);
}

function settingsOf(options: ResolvedDeliveryOptions): WorkerSettings {
  const { maxConcurrentRequests, attemptTimeoutMillis, maxBytesPerSecond, compression, backoff } = options;
  const { maxAttempts, maxAgeMillis, outbox } = options;
  if (outbox.recipe === undefined) {
    const rule = 'a MemoryOutbox or fileOutbox() where a worker sends: no other can be had there';
    throw new TypeError(optionMessage('outbox', rule, outbox));
  }
  return {
    outbox: outbox.recipe,
    maxConcurrentRequests,
    attemptTimeoutMillis,
    maxBytesPerSecond,
    compression,
    backoff: toBackoffTable(backoff),
    maxAttempts,
    maxAgeMillis,
  };
}
