import { diag, type DiagLogger, DiagLogLevel } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { type PushgatewayOptions, resolvePushgatewayOptions } from '../../src/push/pushgateway-options.ts';
import { PushgatewayPusher } from '../../src/push/pushgateway-pusher.ts';
import type { FamilySnapshot } from '../../src/store/family-snapshot.ts';
import { GatewayStandIn } from './gateway-stand-in.ts';

const INTERVAL_MILLIS = 15_000;

let gateway: GatewayStandIn;
let count = 0;
let messages: string[] = [];
const pushers: PushgatewayPusher[] = [];

/** One counter, which the tests set. */
function families(): readonly FamilySnapshot[] {
  return [{ name: 'm', type: 'counter', help: 'M.', series: [{ labels: [['a', 'b']], value: count }] }];
}

function fail(): never {
  throw new Error('no');
}

/** Something to wait for that the test itself lets happen. */
class Gate {
  open: () => void = fail;
  readonly opened: Promise<void> = new Promise((resolve) => {
    this.open = resolve;
  });
}

function start(options: Partial<PushgatewayOptions> = {}, source = families): PushgatewayPusher {
  const all = { url: gateway.url, job: 'job', ...options };
  const resolved = resolvePushgatewayOptions('pushgateway', all, new Set(['a']));
  const pusher = new PushgatewayPusher(resolved, source, () => count);
  pushers.push(pusher);
  return pusher;
}

function pushedValues(): (string | undefined)[] {
  return gateway.requests.map(({ body }) => / (\d+)\n$/.exec(body)?.[1]);
}

/** Waits for something that needs no time but that of this machine. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}

function isIdle(pusher: PushgatewayPusher): boolean {
  return pusher.stats().running === 0;
}

async function tick(pusher: PushgatewayPusher, millis = INTERVAL_MILLIS): Promise<void> {
  await vi.advanceTimersByTimeAsync(millis);
  await until(() => isIdle(pusher));
  await vi.advanceTimersByTimeAsync(0);
}

beforeEach(async () => {
  count = 0;
  messages = [];
  gateway = new GatewayStandIn();
  await gateway.start();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  const note = (text: string, ...rest: unknown[]): void => void messages.push([text, ...rest].join(' '));
  const logger: DiagLogger = { error: note, warn: note, info: note, debug: () => {}, verbose: () => {} };
  diag.setLogger(logger, { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true });
  messages = [];
});

afterEach(async () => {
  const ends = pushers.splice(0).map((pusher) => pusher.shutdown({ timeoutMillis: 0 }));
  await vi.advanceTimersByTimeAsync(0);
  await Promise.all(ends);
  vi.useRealTimers();
  diag.disable();
  expect(gateway.complaints).toEqual([]);
  await gateway.close();
});

describe('PushgatewayPusher', () => {
  it('puts the latest state at each interval, also where nothing has changed', async () => {
    const pusher = start({ grouping: { instance: 'a/b' } });
    expect(pusher.stats().pushes).toBe(0);
    await tick(pusher);
    count = 2;
    await tick(pusher);
    await tick(pusher);
    expect(pushedValues()).toEqual(['0', '2', '2']);
    expect(gateway.requests[0]).toMatchObject({ method: 'PUT', path: '/metrics/job/job/instance@base64/YS9i' });
    expect(pusher.stats()).toMatchObject({ pushes: 3, succeeded: 3, failed: 0, lastSuccessMillis: Date.now() });
  });

  it('pushes the last values at a shutdown, once, and nothing after it', async () => {
    const pusher = start();
    count = 7;
    await Promise.all([pusher.shutdown(), pusher.shutdown()]);
    await pusher.forceFlush();
    await tick(pusher, 10 * INTERVAL_MILLIS);
    expect(pushedValues()).toEqual(['7']);
  });

  it('deletes the group at a shutdown where asked to, which the Pushgateway answers with 202', async () => {
    const pusher = start({ deleteOnShutdown: true });
    await pusher.forceFlush();
    expect(gateway.groups.size).toBe(1);
    gateway.reply({ status: 202 });
    await pusher.shutdown();
    expect(gateway.groups.size).toBe(0);
    expect(gateway.requests.map(({ method }) => method)).toEqual(['PUT', 'DELETE']);
    expect(gateway.requests[1]).toMatchObject({ body: '' });
  });

  it('sends what changes while a request runs with the next, one for all who asked', async () => {
    const answered = new Gate();
    gateway.reply({ status: 200, when: answered.opened }, { status: 200 });
    const pusher = start();
    const first = pusher.forceFlush();
    await gateway.received(1);
    count = 1;
    const others = [pusher.forceFlush(), pusher.forceFlush(), pusher.forceFlush()];
    count = 2;
    answered.open();
    await Promise.all([first, ...others]);
    expect(pushedValues()).toEqual(['0', '2']);
  });

  it('lets no pushes pile up behind one that hangs', async () => {
    gateway.reply({ status: 200, when: new Promise(() => {}) });
    const pusher = start({ intervalMillis: 10, timeoutMillis: 5000 });
    await vi.advanceTimersByTimeAsync(10);
    await gateway.received(1);
    await vi.advanceTimersByTimeAsync(4900);
    expect(pusher.stats()).toMatchObject({ pushes: 1, running: 1 });
  });

  it('gives a request up when its time is over', async () => {
    gateway.reply({ status: 200, when: new Promise(() => {}) });
    const pusher = start({ timeoutMillis: 300 });
    const flush = pusher.forceFlush();
    await gateway.received(1);
    await vi.advanceTimersByTimeAsync(300);
    await flush;
    expect(pusher.stats()).toMatchObject({ failed: 1, running: 0 });
    expect(messages).toEqual([expect.stringContaining('TimeoutError: No complete answer within 300 ms.')]);
  });

  it.each([429, 500, 503])(
    'tries again after %i with a growing pause, each time with the latest state',
    async (status) => {
      gateway.reply({ status }, { status }, { status }, { status: 200 });
      const pusher = start();
      await tick(pusher);
      count = 1;
      await tick(pusher, 499);
      expect(pushedValues()).toEqual(['0']);
      await tick(pusher, 1);
      count = 2;
      await tick(pusher, 1000);
      count = 3;
      await tick(pusher, 2000);
      expect(pushedValues()).toEqual(['0', '1', '2', '3']);
      expect(pusher.stats()).toMatchObject({ pushes: 4, succeeded: 1, failed: 3 });
      await tick(pusher);
      expect(pushedValues()).toHaveLength(5);
      expect(messages).toEqual([
        expect.stringContaining(`answer was ${status}`),
        expect.stringContaining('succeed again'),
      ]);
    },
  );

  it('waits as long as the answer asks', async () => {
    gateway.reply({ status: 429, headers: { 'retry-after': '60' } }, { status: 200 });
    const pusher = start();
    await tick(pusher);
    await tick(pusher, 59_999);
    expect(gateway.requests).toHaveLength(1);
    await tick(pusher, 1);
    expect(gateway.requests).toHaveLength(2);
  });

  it('tells a refusal loudly and repeats it only once the state has changed', async () => {
    gateway.reply({ status: 400, body: 'pushed metrics are invalid' }, { status: 200 });
    const pusher = start();
    await tick(pusher);
    await tick(pusher);
    await tick(pusher);
    expect(gateway.requests).toHaveLength(1);
    expect(pusher.stats()).toMatchObject({ pushes: 1, failed: 1, skipped: 2 });
    expect(messages).toEqual([expect.stringMatching(/refuses the metrics.*400: pushed metrics are invalid/)]);
    count = 1;
    await tick(pusher);
    expect(pusher.stats()).toMatchObject({ pushes: 2, succeeded: 1 });
  });

  it('does not repeat a refused state at a shutdown either', async () => {
    gateway.reply({ status: 400 });
    const pusher = start();
    await pusher.forceFlush();
    await pusher.shutdown();
    expect(gateway.requests).toHaveLength(1);
    expect(messages.at(-1)).toContain('The last values were not pushed');
  });

  it('does not follow a redirect, and says that the address is wrong', async () => {
    gateway.reply({ status: 307, headers: { location: '/elsewhere' } });
    const pusher = start({ bearerToken: 'hidden' });
    await tick(pusher);
    expect(gateway.requests).toHaveLength(1);
    expect(gateway.requests[0]?.headers).toMatchObject({ authorization: 'Bearer hidden' });
    expect(messages).toEqual([expect.stringContaining('until address or credentials')]);
    expect(messages.join()).not.toContain('hidden');
  });

  it('tries again at a shutdown while there is time', async () => {
    gateway.reply({ status: 503 }, { status: 200 });
    const pusher = start();
    const end = pusher.shutdown();
    await until(() => pusher.stats().failed === 1);
    await vi.advanceTimersByTimeAsync(500);
    await end;
    expect(pusher.stats()).toMatchObject({ pushes: 2, succeeded: 1 });
  });

  it('ends a shutdown in its time, and says what is missing', async () => {
    gateway.reply({ status: 200, when: new Promise(() => {}) });
    const pusher = start({ deleteOnShutdown: true });
    const end = pusher.shutdown({ timeoutMillis: 200 });
    await gateway.received(1);
    await vi.advanceTimersByTimeAsync(200);
    await end;
    expect(pusher.stats()).toMatchObject({ pushes: 1, failed: 1, running: 0 });
    expect(messages.at(-1)).toContain('The group was not deleted');
  });

  it('ends a flush in its time, while the push goes on', async () => {
    const answered = new Gate();
    gateway.reply({ status: 200, when: answered.opened });
    const pusher = start();
    const flush = pusher.forceFlush({ timeoutMillis: 200 });
    await gateway.received(1);
    await vi.advanceTimersByTimeAsync(200);
    await flush;
    answered.open();
    await until(() => isIdle(pusher));
    expect(pusher.stats().succeeded).toBe(1);
  });

  it('waits at a shutdown for the push that runs, then pushes the last values', async () => {
    const answered = new Gate();
    gateway.reply({ status: 200, when: answered.opened }, { status: 200 });
    const pusher = start();
    void pusher.forceFlush();
    await gateway.received(1);
    count = 9;
    const end = pusher.shutdown();
    answered.open();
    await end;
    expect(pushedValues()).toEqual(['0', '9']);
  });

  it('survives a secret, a fetch and metrics that throw', async () => {
    const broken = [start({ bearerToken: fail }), start({ fetch: fail }), start({}, fail)];
    await Promise.all(broken.map((pusher) => pusher.forceFlush()));
    expect(broken.map((pusher) => pusher.stats().failed)).toEqual([1, 1, 0]);
    expect(gateway.requests).toHaveLength(0);
    expect(messages).toHaveLength(3);
    expect(messages.join('\n')).toContain('The value of the header `authorization` could not be fetched.');
  });

  it('never pushes nothing where the metrics cannot be written, which would wipe out the group', async () => {
    const pusher = start({}, fail);
    await pusher.shutdown();
    expect(gateway.requests).toHaveLength(0);
  });

  it('pushes at the end of a process what was counted since the last push that succeeded', async () => {
    gateway.reply({ status: 200 }, { status: 503 }, { status: 200 });
    const pusher = start();
    await pusher.flushBeforeExit({ timeoutMillis: 5000 });
    expect(gateway.requests).toHaveLength(0);
    count = 1;
    await tick(pusher);
    await pusher.flushBeforeExit({ timeoutMillis: 5000 });
    expect(pushedValues()).toEqual(['1']);
    count = 2;
    await pusher.forceFlush();
    expect(pusher.stats().failed).toBe(1);
    await pusher.flushBeforeExit({ timeoutMillis: 5000 });
    await pusher.flushBeforeExit({ timeoutMillis: 5000 });
    expect(pushedValues()).toEqual(['1', '2', '2']);
  });

  it('pushes at the end of a process what came while a push ran', async () => {
    const answered = new Gate();
    gateway.reply({ status: 200, when: answered.opened }, { status: 200 });
    const pusher = start();
    count = 1;
    const flush = pusher.forceFlush();
    await gateway.received(1);
    count = 2;
    answered.open();
    await flush;
    await pusher.flushBeforeExit({ timeoutMillis: 5000 });
    expect(pushedValues()).toEqual(['1', '2']);
  });

  it('lets a push that somebody else asked for at the end of a process end as well', async () => {
    const pusher = start();
    count = 1;
    await Promise.all([pusher.flushBeforeExit({ timeoutMillis: 5000 }), pusher.forceFlush()]);
    expect(pusher.stats()).toMatchObject({ pushes: 2, succeeded: 2 });
  });

  it('gives a push at the end of a process up when the time is over, and goes on if the process does', async () => {
    gateway.reply({ status: 200, when: new Promise(() => {}) }, { status: 200 });
    const pusher = start({ timeoutMillis: 2 ** 30 });
    count = 1;
    const flush = pusher.flushBeforeExit({ timeoutMillis: 5000 });
    await gateway.received(1);
    const other = pusher.forceFlush();
    await vi.advanceTimersByTimeAsync(5000);
    await Promise.all([flush, other]);
    expect(pusher.stats()).toMatchObject({ pushes: 1, failed: 1, running: 0 });
    expect(messages).toEqual([expect.stringContaining('TimeoutError: No answer by the end of the process.')]);
    await tick(pusher, INTERVAL_MILLIS - 1);
    expect(pusher.stats().pushes).toBe(1);
    await tick(pusher, 1);
    expect(pusher.stats()).toMatchObject({ pushes: 2, succeeded: 1 });
  });

  it('leaves a request of a shutdown alone when the time of the end of the process is over', async () => {
    const answered = new Gate();
    gateway.reply({ status: 200, when: answered.opened }, { status: 200 });
    const pusher = start();
    count = 1;
    const flush = pusher.flushBeforeExit({ timeoutMillis: 1000 });
    await gateway.received(1);
    const end = pusher.shutdown();
    await vi.advanceTimersByTimeAsync(1000);
    await flush;
    answered.open();
    await end;
    await pusher.flushBeforeExit({ timeoutMillis: 1000 });
    expect(pusher.stats()).toMatchObject({ pushes: 2, succeeded: 2 });
  });

  it.each([[null], [{ timeoutMillis: Number.NaN }], [{ timeoutMillis: 'soon' }]])(
    'has 30 s for a flush and 5 s for a shutdown where %j is no budget',
    async (budget) => {
      gateway.reply({ status: 200, when: new Promise(() => {}) });
      const pusher = start({ timeoutMillis: 2 ** 30 });
      const ended: string[] = [];
      const flush = pusher.forceFlush(budget as never).then(() => ended.push('flush'));
      await vi.advanceTimersByTimeAsync(29_999);
      expect(ended).toEqual([]);
      await vi.advanceTimersByTimeAsync(1);
      await flush;
      const shutdown = pusher.shutdown(budget as never).then(() => ended.push('shutdown'));
      await vi.advanceTimersByTimeAsync(4999);
      expect(ended).toEqual(['flush']);
      await vi.advanceTimersByTimeAsync(1);
      await shutdown;
    },
  );

  it('leaves no timer behind', async () => {
    const pusher = start({ fetch: async () => new Response(null, { status: 503 }) });
    await pusher.forceFlush();
    expect(vi.getTimerCount()).toBe(1);
    const end = pusher.shutdown({ timeoutMillis: 10_000 });
    await vi.advanceTimersByTimeAsync(10_000);
    await end;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('uses the fetch that an instrumentation has wrapped, so that a push is not traced', async () => {
    const wrapper = vi.fn<typeof fetch>();
    const pusher = start({ fetch: Object.assign(wrapper, { __original: fetch }) });
    await pusher.forceFlush();
    expect(wrapper).not.toHaveBeenCalled();
    expect(gateway.requests).toHaveLength(1);
  });

  it('reads no more than 64 KiB of an answer', async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(16 * 1024));
      },
    });
    const pusher = start({ fetch: async () => new Response(endless, { status: 500 }) });
    await pusher.forceFlush();
    expect(pulled).toBeLessThan(8);
  });
});
