import { expect, test } from 'vitest';

import { PANEL_COLUMNS, panelLines } from '../src/panel.ts';
import type { Status } from '../src/status.ts';
import { Timeline } from '../src/timeline.ts';

const plain = (_style: string, text: string): string => text;

const queued = { immediate: 0, batch: 0, leaving: 0 };

const at = (elapsedMillis: number, held: number, delivered: number): Status => ({
  elapsedMillis,
  isOut: held > 0,
  account: { emitted: held + delivered, created: 0, recorded: 0, queued, held, delivered, dropped: 0, stages: [] },
  requestsSucceeded: 3,
  requestsFailed: 1,
});

const timelineOf = (...statuses: Status[]): Timeline => {
  const timeline = new Timeline(3000);
  for (const status of statuses) timeline.add(status);
  return timeline;
};

test('a timeline keeps what each part of the run added, and the most that was held in it', () => {
  const timeline = timelineOf(at(100, 0, 10), at(200, 7, 10), at(250, 3, 15), at(350, 0, 30));
  expect(timeline.slots).toEqual([
    { emitted: 18, delivered: 15, held: 7, wasOut: true },
    { emitted: 12, delivered: 15, held: 0, wasOut: false },
  ]);
});

test('a timeline has a slot for a part in which nobody looked, and none beyond the end', () => {
  const timeline = timelineOf(at(100, 0, 1), at(700, 0, 2), at(2999, 0, 3), at(9000, 0, 4));
  expect(timeline.slots).toHaveLength(10);
  expect(timeline.slots.map(({ delivered }) => delivered)).toEqual([1, 0, 1, 0, 0, 0, 0, 0, 0, 2]);
});

test('a panel shows graphs over one axis of time', () => {
  const last = at(900, 0, 40);
  const timeline = timelineOf(at(100, 0, 10), at(400, 20, 10), at(700, 0, 30), last);
  expect(panelLines(last, timeline, ['0.7 s  The way to Loki is open again'], plain)).toEqual([
    '',
    '    time           0.9 s  ━━━━──────',
    '    way to Loki     open  requests: 3 ok, 1 failed',
    '',
    '    emitted           40  ▅█ ▅',
    '  + created            0  each stands for lines that were too many',
    '  = recorded           0  DEBUG that waits for an error of its request',
    '  + queued             0  immediate 0, batch 0, leaving 0',
    '  + held               0   █  ',
    '  + delivered         40  ▅ █▅',
    '  + dropped            0  ',
    '    unaccounted        0  ✔',
    '',
    '  ',
    '  ',
    '  ',
    '  0.7 s  The way to Loki is open again',
  ]);
});

test('a panel fits the columns it asks for, the note aside', () => {
  const timeline = new Timeline(15_000);
  const big = at(14_000, 0, 1_234_567);
  for (let millis = 0; millis < 15_000; millis += 100) timeline.add({ ...big, elapsedMillis: millis });
  const widths = panelLines(big, timeline, [], plain).map((line) => line.length);
  expect(Math.max(...widths)).toBeLessThanOrEqual(PANEL_COLUMNS);
});
