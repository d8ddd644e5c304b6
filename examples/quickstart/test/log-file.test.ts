import { SeverityNumber } from '@opentelemetry/api';
import { expect, test } from 'vitest';

import { guessSeverity, splitLines } from '../src/log-file.ts';

test.each([
  ['[Sun Dec 04 04:47:44 2005] [notice] workerEnv.init() ok', SeverityNumber.INFO2],
  ['[Sun Dec 04 04:47:44 2005] [error] mod_jk child workerEnv in error state 6', SeverityNumber.ERROR],
  ['081109 203615 148 INFO dfs.DataNode: PacketResponder 1 threw an exception', SeverityNumber.INFO],
  ['2015-07-29 19:04:29,071 - WARN  [SendWorker] - Send worker leaving thread', SeverityNumber.WARN],
  ['sshd[24200]: Failed password for root', SeverityNumber.WARN],
  ['kernel: panic', SeverityNumber.FATAL],
])('the first level word of %j decides', (line, severityNumber) => {
  expect(guessSeverity(line)).toBe(severityNumber);
});

test.each(['session opened for user news', 'informational terrors', ''])('%j has no severity', (line) => {
  expect(guessSeverity(line)).toBeUndefined();
});

test('each line is one, the empty ones within the text included', () => {
  expect(splitLines('a\r\nb\n\nc\n')).toEqual(['a', 'b', '', 'c']);
  expect(splitLines('a\nb')).toEqual(['a', 'b']);
  expect(splitLines('')).toEqual([]);
});
