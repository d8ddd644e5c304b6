import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { LokiStandIn } from './index.ts';
import { push, pushBody } from './push-client.ts';

const NOW_MILLIS = Date.parse('2026-11-21T12:00:00.500Z');
const T0 = BigInt(NOW_MILLIS) * 1_000_000n;
const HOUR = 3_600_000_000_000n;

let monotonicMillis = 0;
let standIn: LokiStandIn;

const startWith = async (options: ConstructorParameters<typeof LokiStandIn>[0] = {}): Promise<void> => {
  await standIn.close();
  standIn = new LokiStandIn({ now: () => NOW_MILLIS, monotonicNow: () => monotonicMillis, ...options });
  await standIn.start();
};

beforeEach(async () => {
  monotonicMillis = 0;
  standIn = new LokiStandIn({ now: () => NOW_MILLIS, monotonicNow: () => monotonicMillis });
  await standIn.start();
});

afterEach(async () => {
  await standIn.close();
});

const pushAs = (tenant: string): Promise<{ status: number; text: string }> =>
  push(standIn, pushBody([{}, [T0, tenant]]), { 'content-type': 'application/json', 'x-scope-orgid': tenant });

const lines = (): string[] => standIn.entries().map(({ line }) => line);

describe('what of a push is stored', () => {
  test('a stream that is refused before a healthy one leaves no trace in the answer', async () => {
    const answer = await push(
      standIn,
      pushBody([{ s: '1' }, [T0, 'newest'], [T0 - 2n * HOUR, 'behind']], [{ s: '2' }, [T0, 'fine']]),
    );
    expect(answer).toMatchObject({ status: 204, text: '' });
    expect(lines()).toEqual(['newest', 'fine']);
  });

  test('a stream that is refused as the last one is reported, though the others are stored', async () => {
    const answer = await push(
      standIn,
      pushBody([{ s: '2' }, [T0, 'fine']], [{ s: '1' }, [T0, 'newest'], [T0 - 2n * HOUR, 'behind']]),
    );
    expect(answer).toEqual(
      expect.objectContaining({
        status: 400,
        text:
          "entry with timestamp 2026-11-21 10:00:00.5 +0000 UTC ignored, reason: 'entry too far behind, entry timestamp is: " +
          "2026-11-21T10:00:00Z, oldest acceptable timestamp is: 2026-11-21T11:00:00Z',\n" +
          'user \'fake\', total ignored: 1 out of 2 for stream: {s="1", service_name="unknown_service"}\n',
      }),
    );
    expect(lines()).toEqual(['fine', 'newest']);
  });

  test('what the ingester refuses is reported instead of what the distributor refused', async () => {
    const body = pushBody([{}, [T0, 'newest'], [T0, 'z'.repeat(262_145)], [T0 - 2n * HOUR, 'behind']]);
    const { status, text } = await push(standIn, body);
    expect([status, text.includes('max entry size')]).toEqual([400, false]);
    expect(text).toContain('total ignored: 1 out of 2');
  });

  test('several refused lines are joined, equal reasons counted', async () => {
    const { text } = await push(
      standIn,
      pushBody([{}, [T0, 'z'.repeat(262_145)], [T0, 'z'.repeat(262_145)], [T0 - 200n * HOUR, 'old'], [T0, 'stored']]),
    );
    const stream = '{service_name="unknown_service"}';
    expect(text).toBe(
      `2 errors like: max entry size '262144' bytes exceeded for stream '${stream}' while adding an entry with length '262145' bytes; ` +
        `1 errors like: entry for stream '${stream}' has timestamp too old: 2026-11-13T04:00:00Z, ` +
        'oldest acceptable timestamp is: 2026-11-14T12:00:00Z\n',
    );
    expect(lines()).toEqual(['stored']);
  });

  test('no more than ten refused lines are quoted', async () => {
    const behind = Array.from({ length: 15 }, (_, index) => [T0 - 2n * HOUR - BigInt(index), 'behind'] as const);
    const { text } = await push(standIn, pushBody([{}, [T0, 'newest'], ...behind]));
    expect(text.split('\n').filter((line) => line.startsWith('entry with'))).toHaveLength(10);
    expect(text).toContain('total ignored: 15 out of 16');
  });

  test('a line exactly one hour behind is stored, one nanosecond more is not', async () => {
    await push(standIn, pushBody([{}, [T0, 'newest'], [T0 - HOUR, 'edge'], [T0 - HOUR - 1n, 'over']]));
    expect(lines()).toEqual(['newest', 'edge']);
  });

  test('the window moves with the lines of the same push, so that oldest first is safe', async () => {
    const { status } = await push(standIn, pushBody([{}, [T0 - 2n * HOUR, 'old'], [T0, 'new']]));
    expect([status, lines()]).toEqual([204, ['old', 'new']]);
  });

  test('one bad name of metadata costs the whole request, lines refused before included', async () => {
    const { status, text } = await push(
      standIn,
      pushBody([{ s: '1' }, [T0, 'fine']], [{}, [T0, 'z'.repeat(262_145)], [T0, 'x', { é: '1' }]]),
    );
    expect([status, text]).toEqual([500, 'normalization for label name "é" resulted in invalid name "_"\n']);
    expect(lines()).toEqual([]);
  });

  test('a bad name on a line that is refused anyway costs nothing', async () => {
    const { status } = await push(standIn, pushBody([{}, [T0 - 200n * HOUR, 'old', { é: '1' }], [T0, 'fine']]));
    expect([status, lines()]).toEqual([400, ['fine']]);
  });

  test('a bad label in a stream without lines costs the whole request', async () => {
    const { status } = await push(standIn, pushBody([{ 'a-b': '1' }], [{}, [T0, 'fine']]));
    expect([status, lines()]).toEqual([400, []]);
  });

  test('lines are known by time, text and metadata; empty metadata do not count', async () => {
    const body = pushBody([
      {},
      [T0, 'a'],
      [T0, 'b'],
      [T0, 'a'],
      [T0, 'a', { k: '' }],
      [T0, 'a', { k: '1' }],
      [T0 + 1n, 'a'],
    ]);
    await push(standIn, body);
    await push(standIn, body);
    expect(standIn.entries().map(({ timeNanos, line, metadata }) => [timeNanos - T0, line, metadata])).toEqual([
      [0n, 'a', { detected_level: 'unknown' }],
      [0n, 'b', { detected_level: 'unknown' }],
      [0n, 'a', { detected_level: 'unknown', k: '1' }],
      [1n, 'a', { detected_level: 'unknown' }],
    ]);
  });
});

describe('limits', () => {
  test('the rate of a tenant is all or nothing, and time gives it back', async () => {
    const body = pushBody(...[1, 2, 3].map((s) => [{ s: String(s) }, [T0, 'z'.repeat(2000)]] as const));
    await startWith({ limits: { ingestionRateBytes: 1000, ingestionBurstBytes: 10_000 } });
    expect(await push(standIn, body)).toMatchObject({ status: 204 });
    const { status, text } = await push(standIn, body);
    expect([status, text]).toEqual([
      429,
      "ingestion rate limit exceeded for user fake (limit: 1000 bytes/sec) while attempting to ingest '3' lines totaling '6000' bytes, " +
        'reduce log volume or contact your Loki administrator to see if the limit can be increased\n',
    ]);
    monotonicMillis += 2000;
    expect(await push(standIn, body)).toMatchObject({ status: 204 });
  });

  test('a request over the burst is refused however long one waits', async () => {
    await startWith({ limits: { ingestionBurstBytes: 1000 } });
    monotonicMillis += 1e9;
    expect(await push(standIn, pushBody([{}, [T0, 'z'.repeat(1001)]]))).toMatchObject({ status: 429 });
  });

  test('a stream over its rate is refused as a whole, lines that came too late included', async () => {
    await startWith({ limits: { streamRateBytes: 3072, streamBurstBytes: 3000 } });
    const { status, text } = await push(
      standIn,
      pushBody([{}, [T0, 'z'.repeat(2048)], [T0 - 2n * HOUR, 'behind'], [T0 + 1n, 'z'.repeat(2048)]]),
    );
    expect([status, lines()]).toEqual([429, []]);
    expect(text).toContain('(limit: 3KB/sec) while attempting to ingest for stream');
    expect(text).toContain('totaling 2KB, consider splitting');
    expect(text).toContain('total ignored: 2 out of 3');
  });

  test('over the number of streams, only those that exist already are stored', async () => {
    await startWith({ limits: { maxStreams: 1 } });
    await push(standIn, pushBody([{ s: '1' }, [T0, 'first']]));
    const { status, text } = await push(standIn, pushBody([{ s: '1' }, [T0, 'second']], [{ s: '2' }, [T0, 'lost']]));
    expect([status, lines()]).toEqual([429, ['first', 'second']]);
    expect(text).toMatch(/^maximum active stream limit exceeded when trying to create stream \{s="2", /);
  });

  test('a name of a label may have 1024 bytes and a value 2048, whatever the characters', async () => {
    const statuses = [];
    for (const labels of [
      { ['n'.repeat(1024)]: 'v' },
      { ['n'.repeat(1025)]: 'v' },
      { n: 'é'.repeat(1024) },
      { n: 'é'.repeat(1025) },
    ]) {
      statuses.push((await push(standIn, pushBody([labels, [T0, 'x']]))).status);
    }
    expect(statuses).toEqual([204, 400, 204, 400]);
  });

  test('metadata are measured as sent, detected_level not counted', async () => {
    const statuses = [];
    for (const metadata of [
      { k: 'v'.repeat(65_535), detected_level: 'error' },
      { k: 'v'.repeat(65_536) },
      Object.fromEntries(Array.from({ length: 129 }, (_, index) => [`k${index}`, ''])),
    ]) {
      statuses.push((await push(standIn, pushBody([{}, [T0, 'x', metadata]]))).status);
    }
    expect(statuses).toEqual([204, 400, 400]);
  });

  test('a body over the limit is refused only if it is read that far', async () => {
    await startWith({ limits: { maxBodyBytes: 1000 } });
    const { status, text } = await push(standIn, pushBody([{}, [T0, 'z'.repeat(2000)]]));
    expect([status, text]).toEqual([413, 'request body too large: message size too large than max (1001 vs 1000)\n']);
    const padded = await push(standIn, pushBody([{}, [T0, 'x']]) + ' '.repeat(2000));
    expect(padded).toMatchObject({ status: 204 });
  });

  test('while ingestion is blocked, nothing is stored and the status looks like success', async () => {
    await startWith({ limits: { blockIngestionUntilMillis: Date.parse('2027-01-01') } });
    const { status, text } = await push(standIn, pushBody([{}, [T0, 'x']]));
    expect([status, text]).toEqual([
      260,
      "ingestion blocked for user 'fake' until '2027-01-01T00:00:00Z' with status code '260'\n",
    ]);
    expect(lines()).toEqual([]);
  });
});

describe('tenants', () => {
  test('with authentication off there is one tenant, whatever the header says', async () => {
    await pushAs('a/b');
    expect(standIn.entries('fake')).toHaveLength(1);
  });

  test('with authentication on, tenants are kept apart and bad names refused', async () => {
    await startWith({ authEnabled: true });
    expect(await push(standIn, pushBody([{}, [T0, 'x']]))).toMatchObject({ status: 401, text: 'no org id\n' });
    expect(await pushAs('a/b')).toMatchObject({
      status: 400,
      text: "tenant ID 'a/b' contains unsupported character '/'\n",
    });
    expect(await pushAs('a|b')).toMatchObject({ status: 400, text: 'multiple org IDs present\n' });
    expect(await pushAs('..')).toMatchObject({ status: 400, text: "tenant ID is '.' or '..'\n" });
    expect(await pushAs('x'.repeat(151))).toMatchObject({
      status: 400,
      text: 'tenant ID is too long: max 150 characters\n',
    });
    expect([await pushAs('one'), await pushAs('two')]).toMatchObject([{ status: 204 }, { status: 204 }]);
    expect(standIn.entries('one').map(({ line }) => line)).toEqual(['one']);
    expect(standIn.entries()).toHaveLength(2);
  });
});
