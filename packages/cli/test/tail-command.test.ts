import { LoggerProvider, type LogRecordProcessor, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { LiveTailLogRecordExporter } from '@spillway/exporter-live-tail';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { run } from '../src/run.ts';
import { type FakeTerminal, fakeTerminal } from './fake-terminal.ts';

let exporter: LiveTailLogRecordExporter;
let provider: LoggerProvider;
let address: string;
let terminal: FakeTerminal;

beforeEach(async () => {
  exporter = new LiveTailLogRecordExporter({ port: 0 });
  const processor: LogRecordProcessor = new SimpleLogRecordProcessor({ exporter });
  provider = new LoggerProvider({ processors: [processor] });
  address = await exporter.listening();
  terminal = fakeTerminal();
});
afterEach(() => provider.shutdown());

function emit(body: string, severityNumber = 9, attributes = {}): void {
  provider.getLogger('orders').emit({ body, severityNumber, attributes, timestamp: 1_700_000_000_123 });
}

const lines = (): string[] => terminal.shown().trimEnd().split('\n');

describe('tail', () => {
  it('prints records as people read them, those of before first, and ends when it is told to', async () => {
    emit('before');
    const ended = run(['tail', address], {}, terminal);
    await terminal.until(() => terminal.shown().includes('before'));
    emit('now \u001b[31m', 17, { 'order.id': 7 });
    await terminal.until(() => terminal.shown().includes('now'));
    terminal.end();
    expect(await ended).toBe(0);
    expect(lines()).toEqual([
      '2023-11-14T22:13:20.123Z INFO  orders before',
      '2023-11-14T22:13:20.123Z ERROR orders now \\u001b[31m order.id=7',
    ]);
    expect(terminal.said()).toMatch(/^--- connected to http:\/\/127\.0\.0\.1:\d+\/\n$/);
  });

  it('prints JSON, one record a line', async () => {
    emit('first', 9, { nested: { a: 1 } });
    const ended = run(['tail', address, '--json'], {}, terminal);
    await terminal.until(() => terminal.shown().endsWith('\n'));
    terminal.end();
    await ended;
    expect(JSON.parse(lines()[0] as string)).toMatchObject({
      offset: 0,
      body: 'first',
      attributes: { nested: { a: 1 } },
    });
  });

  it.each([
    [['--min-severity', 'warn'], ['refund refused']],
    [['--text', 'REFUND'], ['refund refused']],
    [['--text', 'berlin'], ['order taken']],
    [['--scope', 'others'], []],
    [['--trace', 'ab'], []],
    [['--recent', '1'], ['the last']],
  ])('prints only what %j asks for', async (options, expected) => {
    emit('order taken', 9, { city: 'Berlin' });
    emit('refund refused', 13);
    emit('the last', 5);
    await provider.forceFlush();
    const ended = run(['tail', address, '--json', ...options], {}, terminal);
    await terminal.until(() => terminal.said().includes('connected'));
    // Comes after the others, and meets every filter but those that nothing meets.
    await terminal.until(() => lines().length >= expected.length);
    terminal.end();
    await ended;
    const bodies = terminal.shown() === '' ? [] : lines().map((line) => (JSON.parse(line) as { body: string }).body);
    expect(bodies).toEqual(expected);
  });

  it('fails where the token is wrong, and says so', async () => {
    const { origin } = new URL(address);
    expect(await run(['tail', origin, '--token', 'wrong'], {}, terminal)).toBe(1);
    expect(terminal.said()).toContain('the server does not accept the token');
  });

  it('asks for a token where there is none', async () => {
    expect(await run(['tail', new URL(address).origin], {}, terminal)).toBe(2);
    expect(terminal.said()).toContain('Expected a token');
  });

  it('takes the token of the environment', async () => {
    const url = new URL(address);
    const token = new URLSearchParams(url.hash.slice(1)).get('token') as string;
    emit('with a token of the environment');
    const ended = run(['tail', url.origin], { SPILLWAY_TAIL_TOKEN: token }, terminal);
    await terminal.until(() => terminal.shown().includes('with a token'));
    terminal.end();
    expect(await ended).toBe(0);
  });
});
