import { expect, test, vi } from 'vitest';
import { EventQueue } from '../../src/worker/event-queue.ts';
import type { AttachMessage, WorkerEvent } from '../../src/worker/messages.ts';
import { RemoteOwner } from '../../src/worker/remote-owner.ts';
import { lineBackend } from '../test-backend.ts';
import { testPayload } from '../test-payload.ts';

interface Opened {
  readonly owner: RemoteOwner;
  readonly events: WorkerEvent[];
  readonly main: { isBlocked: boolean };
}

function open(message: Partial<AttachMessage> = {}): Opened {
  const events: WorkerEvent[] = [];
  const main = { isBlocked: false };
  const queue = new EventQueue((posted) => events.push(...posted.events));
  const attach: AttachMessage = {
    kind: 'attach',
    destination: 3,
    destinationId: 'lines',
    backendId: 'lines',
    backendUrl: undefined,
    url: 'http://a/',
    headers: undefined,
    hasFixedHeaders: false,
    wantsGivenUp: true,
    kept: [],
    ...message,
  };
  return { owner: new RemoteOwner(attach, lineBackend, queue, () => main.isBlocked), events, main };
}

test('headers that never change are not asked for', async () => {
  const { owner, events } = open({ hasFixedHeaders: true, headers: { authorization: 'x' } });
  const payload = testPayload({ tenant: 'blue', contentEncoding: 'gzip' });
  expect(await owner.headers(payload)).toEqual({
    authorization: 'x',
    'content-type': 'text/plain',
    'content-encoding': 'gzip',
    'x-tenant': 'blue',
  });
  expect(events).toEqual([]);
});

test('others are asked for before each request, once for requests that wait together', async () => {
  const { owner, events } = open();
  const both = Promise.all([owner.headers(testPayload()), owner.headers(testPayload())]);
  await Promise.resolve();
  expect(events).toEqual([{ kind: 'headers-wanted', destination: 3 }]);
  owner.onHeaders({ authorization: 'one' });
  expect((await both).map(({ authorization }) => authorization)).toEqual(['one', 'one']);
  const third = owner.headers(testPayload());
  owner.onHeaders({ authorization: 'two' });
  expect(await third).toMatchObject({ authorization: 'two' });
  expect(events).toHaveLength(2);
});

test('where they cannot be had, the request is told why', async () => {
  const { owner } = open({ headers: { authorization: 'old' } });
  const asked = owner.headers(testPayload());
  owner.onHeaders(undefined, { name: 'HeaderError', message: 'expired' });
  await expect(asked).rejects.toMatchObject({ name: 'HeaderError', message: 'expired' });
});

test('a thread that is blocked is not asked, nor waited for: its last answer counts', async () => {
  const { owner, events, main } = open({ headers: { authorization: 'last' } });
  const waiting = owner.headers(testPayload());
  main.isBlocked = true;
  owner.onHeaders(undefined);
  expect(await waiting).toMatchObject({ authorization: 'last' });
  expect(await owner.headers(testPayload())).toMatchObject({ authorization: 'last' });
  await Promise.resolve();
  expect(events).toHaveLength(1);
});

test('one that is busy is waited for a second, and not at all where it never said anything', async () => {
  vi.useFakeTimers();
  try {
    const { owner } = open({ headers: { authorization: 'last' } });
    const asked = owner.headers(testPayload());
    await vi.advanceTimersByTimeAsync(1000);
    expect(await asked).toMatchObject({ authorization: 'last' });
    const { owner: unknown, main } = open();
    main.isBlocked = true;
    await expect(unknown.headers(testPayload())).rejects.toThrow('could not be fetched in time');
  } finally {
    vi.useRealTimers();
  }
});

test('it tells the other thread all that it is told', async () => {
  const { owner, events } = open();
  const error = Object.assign(new Error('no'), { name: 'LineError' });
  owner.onRecovered(4);
  owner.onDelivered(2);
  owner.onDropped({ count: 1, reason: 'rejected', error });
  owner.onDropped({ count: 1, reason: 'expired' });
  owner.onRequestEnd({ error, isConfiguration: false, statusCode: 500 }, 3);
  owner.onRequestEnd(undefined, 5);
  const { body, recordOffsets, highestSeverity, oldestTimeMillis } = testPayload();
  owner.onGivenUp?.({ body, recordOffsets, highestSeverity, oldestTimeMillis });
  await Promise.resolve();
  const plain = { name: 'LineError', message: 'no' };
  expect(structuredClone(events)).toEqual([
    { kind: 'recovered', destination: 3, count: 4 },
    { kind: 'delivered', destination: 3, count: 2 },
    { kind: 'dropped', destination: 3, count: 1, reason: 'rejected', error: plain },
    { kind: 'dropped', destination: 3, count: 1, reason: 'expired', error: undefined },
    {
      kind: 'request-end',
      destination: 3,
      durationMillis: 3,
      problem: { error: plain, isConfiguration: false, statusCode: 500 },
    },
    { kind: 'request-end', destination: 3, durationMillis: 5, problem: undefined },
    {
      kind: 'given-up',
      destination: 3,
      record: { body, recordOffsets, highestSeverity, oldestTimeMillis, tenant: undefined },
    },
  ]);
  expect(open({ wantsGivenUp: false }).owner.onGivenUp).toBeUndefined();
});
