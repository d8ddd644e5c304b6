import type { LiveTailRecord } from '@spillway/exporter-live-tail/live-tail-client';
import { describe, expect, it } from 'vitest';

import { RecordPrinter } from '../src/record-printer.ts';
import { fakeTerminal } from './fake-terminal.ts';

const MEBIBYTE = 1024 * 1024;

function record(body: string): LiveTailRecord {
  return { offset: 0, time: 0.5, scope: 'orders', body, attributes: {}, resource: {} };
}

describe('RecordPrinter', () => {
  it('skips records while its output is not read, and says how many where they are missing', () => {
    const terminal = fakeTerminal();
    const printer = new RecordPrinter(terminal, false);
    printer.record(record('read'));
    terminal.stall(5 * MEBIBYTE);
    printer.record(record('unread'));
    printer.record(record('unread'));
    terminal.stall(0);
    printer.record(record('read again'));
    expect(terminal.shown().split('\n')).toEqual([
      '1970-01-01T00:00:00.000Z INFO  orders read',
      '1970-01-01T00:00:00.000Z INFO  orders read again',
      '',
    ]);
    expect(terminal.said()).toBe('--- 2 records are missing here: the output was not read fast enough\n');
  });

  it('says nothing of records that are missing where none are', () => {
    const terminal = fakeTerminal();
    const printer = new RecordPrinter(terminal, true);
    printer.record(record('read'));
    printer.tellSkipped();
    expect(terminal.said()).toBe('');
  });

  it('tells gaps, and why there are any', () => {
    const terminal = fakeTerminal();
    const printer = new RecordPrinter(terminal, false);
    printer.gap({ from: 3, to: 3, count: 1, reason: 'slow' });
    printer.gap({ from: 5, to: 9, count: 5, reason: 'expired' });
    expect(terminal.said()).toBe(
      '--- 1 record is missing here: this reader was too slow\n--- 5 records are missing here: they are no longer kept\n',
    );
  });
});
