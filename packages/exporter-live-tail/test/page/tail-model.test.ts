import { expect, test } from 'vitest';

import { ALL_ROWS } from '../../page/src/row-filter.ts';
import { TailModel } from '../../page/src/tail-model.ts';
import { record } from './rows.ts';

test('counts what came, what is kept and what is shown', () => {
  const model = new TailModel(10);
  model.setCriteria({ ...ALL_ROWS, minSeverity: 17 });
  for (let offset = 0; offset < 15; offset += 1) emit(model, offset, offset % 2 === 0 ? 17 : 9);
  expect(model.counts).toEqual({ received: 15, kept: 10, shown: 5, missed: 0, waiting: 0 });
});

test('gaps stand where records are missing, and a restart stands between two servers', () => {
  const model = new TailModel();
  emit(model, 0);
  model.apply({ type: 'gap', data: { from: 1, to: 137, count: 137, reason: 'slow' } }, 50);
  emit(model, 138);
  model.noteRestart(5);
  emit(model, 0);
  expect(shown(model)).toEqual(['record 0', 'gap 137 slow', 'record 138', 'restart', 'record 0']);
  expect(model.counts).toMatchObject({ received: 3, missed: 137 });
});

test('while it is paused nothing moves, and afterwards everything is there in order', () => {
  const model = new TailModel();
  emit(model, 0);
  model.pause();
  for (let offset = 1; offset < 4; offset += 1) emit(model, offset);
  expect(shown(model)).toEqual(['record 0']);
  expect(model.counts).toMatchObject({ received: 4, kept: 1, waiting: 3 });
  model.resume();
  expect(shown(model)).toEqual(['record 0', 'record 1', 'record 2', 'record 3']);
  expect(model.counts).toMatchObject({ waiting: 0, missed: 0 });
});

test('what is too much to wait is counted at once, and a gap stands for it afterwards', () => {
  const model = new TailModel(5);
  emit(model, 0);
  model.pause();
  for (let offset = 1; offset <= 12; offset += 1) emit(model, offset);
  expect(model.counts).toMatchObject({ received: 13, waiting: 4, missed: 8 });
  model.resume();
  expect(model.counts).toMatchObject({ waiting: 0, missed: 8 });
  expect(shown(model)).toEqual(['gap 8 paused', 'record 9', 'record 10', 'record 11', 'record 12']);
});

test('the same where it is too many bytes', () => {
  const model = new TailModel(20, 200 * 6);
  model.pause();
  for (let offset = 0; offset < 12; offset += 1) emit(model, offset, 9, 0);
  model.resume();
  expect(shown(model).slice(0, 2)).toEqual(['gap 7 paused', 'record 7']);
});

test('clear forgets rows, also those that wait, and no count', () => {
  const model = new TailModel(5);
  model.pause();
  for (let offset = 0; offset < 8; offset += 1) emit(model, offset);
  model.clear();
  model.resume();
  expect(model.counts).toEqual({ received: 8, kept: 0, shown: 0, missed: 4, waiting: 0 });
});

test('keeps the last that the server has told about this page', () => {
  const model = new TailModel();
  const stats = { received: 1, clients: 1, buffered: 0, maxBuffered: 9, dropped: 0, healthy: true };
  model.apply({ type: 'stats', data: stats }, 90);
  expect(model.stats).toBe(stats);
});

function emit(model: TailModel, offset: number, severityNumber = 9, characters = 10): void {
  model.apply({ type: 'record', data: record({ offset, severityNumber }) }, characters);
}

function shown({ rows }: TailModel): string[] {
  return rows.toArray().map((row) => {
    if (row.kind === 'record') return `record ${row.record.offset}`;
    return row.kind === 'gap' ? `gap ${row.count} ${row.reason}` : 'restart';
  });
}
