import { parentPort, workerData } from 'node:worker_threads';

import { SqliteOutbox } from '../../src/file-outbox/sqlite-outbox.ts';
import { numberedPayloads } from './numbered-payload.ts';

// A worker that has an outbox open for as long as it lives.
const outbox = new SqliteOutbox({ directory: workerData as string });
for (const [index, payload] of numberedPayloads(2).entries()) outbox.put(index + 1, payload);
parentPort?.postMessage(outbox.fileName, []);
parentPort?.on('message', () => outbox.close());
