import { connect } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { OTHER_ROUTING_KEY, send, trigger } from './event-client.ts';
import { answerFault, type Fault, faultSequence, LOST_ANSWER, PagerDutyStandIn } from './index.ts';

let standIn: PagerDutyStandIn;

beforeEach(async () => {
  standIn = new PagerDutyStandIn();
  await standIn.start();
});

afterEach(async () => {
  await standIn.close();
});

/** The status, or `broken` where there was none. */
async function outcome(event: object = trigger('a')): Promise<number | 'broken'> {
  try {
    return (await send(standIn, event)).status;
  } catch {
    return 'broken';
  }
}

describe('a fault', () => {
  it.each<[string, Fault, number | 'broken', number]>([
    ['a 429', answerFault(429), 429, 0],
    ['a 500', answerFault(500), 500, 0],
    ['a 503', answerFault(503), 503, 0],
    ['a reset', { kind: 'reset', when: 'before-reading' }, 'broken', 0],
    ['a delay', { kind: 'delay', millis: 1 }, 202, 1],
    [
      'a delay before a reset',
      { kind: 'delay', millis: 1, followedBy: { kind: 'reset', when: 'after-reading' } },
      'broken',
      0,
    ],
    ['a lost answer', LOST_ANSWER, 'broken', 1],
  ])('%s hits a call', async (_, fault, status, pages) => {
    standIn.setFault(fault);
    expect([await outcome(), standIn.pages()]).toEqual([status, pages]);
    expect(standIn.calls()).toMatchObject([{ status: status === 'broken' ? undefined : status, refusal: undefined }]);
    standIn.setFault(undefined);
    expect([await outcome(), standIn.pages()]).toEqual([202, 1]);
  });

  it('can be a 400 with errors, or a 429 with a Retry-After', async () => {
    standIn.setFault(faultSequence([answerFault(400, ['No.']), answerFault(429, [], { 'retry-after': '2' })]));
    expect(await send(standIn, trigger('a'))).toEqual({
      status: 400,
      body: { status: 'invalid event', message: 'Event object is invalid', errors: ['No.'] },
    });
    const response = await fetch(`${standIn.url}/v2/enqueue`, { method: 'POST' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '2']);
  });

  it('can be chosen by what a call sends', async () => {
    standIn.setFault(({ event }) => (event?.['routing_key'] === OTHER_ROUTING_KEY ? answerFault(503) : undefined));
    expect([await outcome(), await outcome(trigger('a', 'x', OTHER_ROUTING_KEY))]).toEqual([202, 503]);
  });

  it('tells nothing of a wrong event whose answer is lost, but the record does', async () => {
    standIn.setFault(LOST_ANSWER);
    expect(await outcome(trigger(' '))).toBe('broken');
    expect(standIn.refusals()).toMatchObject([{ status: undefined, refusal: { status: 400 } }]);
  });

  it('that hangs ends with its client, or with the stand-in', async () => {
    standIn.setFault({ kind: 'hang', store: true });
    const pending = outcome();
    while (standIn.pages() === 0) await new Promise(setImmediate);
    await standIn.close();
    expect(await pending).toBe('broken');
  });

  it('that delays does not outlive the stand-in', async () => {
    standIn.setFault({ kind: 'delay', millis: 3_600_000 });
    const pending = outcome();
    while (standIn.calls().length === 0) await new Promise(setImmediate);
    await standIn.close();
    expect(await pending).toBe('broken');
  });
});

describe('the server', () => {
  it('refuses connections and comes back on the same port, with its incidents', async () => {
    const { url } = standIn;
    expect(await outcome()).toBe(202);
    await standIn.refuseConnections();
    expect(await outcome()).toBe('broken');
    await standIn.acceptConnections();
    expect([standIn.url, await outcome(), standIn.pages()]).toEqual([url, 202, 1]);
  });

  it('survives a client that goes away in the middle of a request', async () => {
    const socket = connect(Number(new URL(standIn.url).port), '127.0.0.1');
    socket.write('POST /v2/enqueue HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{"routing');
    while (standIn.calls().length === 0) await new Promise(setImmediate);
    socket.destroy();
    expect(await outcome()).toBe(202);
  });
});
