import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import type { EndingFault } from './fault.ts';

/** What a fault needs from the request that it hits. */
export interface FaultTarget {
  readonly response: ServerResponse;
  /** Ends waiting when the stand-in is closed. */
  readonly signal: AbortSignal;
  /** Reads the body. */
  readonly read: () => Promise<void>;
  /** Reads the body and does what the request asks for, if the backend would. */
  readonly store: () => Promise<void>;
}

const DEFAULT_DRIBBLE_BYTES = 1000;
const BROKEN_BODY_BYTES = 64;
const HUGE_CHUNK = Buffer.alloc(64 * 1024, 'x');

/** Ends a request with a fault. */
export const playFault = async (fault: EndingFault, target: FaultTarget): Promise<void> => {
  const { response } = target;
  switch (fault.kind) {
    case 'status':
      await (fault.store === true ? target.store() : target.read());
      response.writeHead(fault.status, { ...fault.headers });
      response.end(fault.body ?? '');
      return;
    case 'reset':
      if (fault.when === 'after-reading') await target.read();
      if (fault.when === 'after-storing') await target.store();
      response.socket?.resetAndDestroy();
      return;
    case 'hang':
      await (fault.store === true ? target.store() : target.read());
      return;
    case 'dribble':
      await target.store();
      await dribble(
        response,
        fault.status ?? 200,
        fault.bytes ?? DEFAULT_DRIBBLE_BYTES,
        fault.everyMillis,
        target.signal,
      );
      return;
    case 'break-after-status':
      await breakAfterStatus(target, fault.status ?? 200);
      return;
    case 'huge-body':
      await target.read();
      await sendHugeBody(response, fault.status ?? 200, fault.bytes);
      return;
  }
};

const dribble = async (
  response: ServerResponse,
  status: number,
  bytes: number,
  everyMillis: number,
  signal: AbortSignal,
): Promise<void> => {
  response.writeHead(status, { 'Content-Length': bytes });
  response.flushHeaders();
  for (let sent = 0; sent < bytes && !response.destroyed; sent++) {
    await delay(everyMillis, undefined, { signal, ref: false });
    response.write('.');
  }
  response.end();
};

const breakAfterStatus = async (target: FaultTarget, status: number): Promise<void> => {
  const { response } = target;
  await (status >= 200 && status < 300 ? target.store() : target.read());
  response.writeHead(status, { 'Content-Length': BROKEN_BODY_BYTES });
  // Not a reset: that would take what the client has not read yet out of its hands.
  response.write('broken', () => response.socket?.destroy());
};

const sendHugeBody = async (response: ServerResponse, status: number, bytes: number): Promise<void> => {
  response.writeHead(status, { 'Content-Type': 'text/plain' });
  for (let sent = 0; sent < bytes && !response.destroyed; sent += HUGE_CHUNK.length) {
    const chunk = HUGE_CHUNK.subarray(0, bytes - sent);
    await new Promise<void>((resolve) => {
      response.write(chunk, () => resolve());
    });
  }
  response.end();
};
