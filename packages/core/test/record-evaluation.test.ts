import { type Drop, type DropReason, Ledger, RecordEvaluation, ThrottledDiag } from '@spillway/core';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { beforeEach, describe, expect, it } from 'vitest';

let ledger: Ledger;
let drops: Drop[];
let evaluated: unknown[];

beforeEach(() => {
  ledger = new Ledger();
  drops = [];
  evaluated = [];
});

function make(evaluate: (record: ReadableLogRecord) => DropReason | undefined = () => undefined): RecordEvaluation {
  return new RecordEvaluation({
    evaluate: (record, nowMillis) => {
      evaluated.push([record, nowMillis]);
      return evaluate(record);
    },
    now: () => 7,
    ledger,
    diag: new ThrottledDiag({ namespace: 'test' }),
    onDrop: (drop) => void drops.push(drop),
  });
}

function explode(): never {
  throw new Error('boom');
}

/** Codes and messages of the answers to an export. */
function answers(evaluation: RecordEvaluation, records: unknown): unknown[] {
  const given: unknown[] = [];
  evaluation.export(records as ReadableLogRecord[], ({ code, error }) => given.push([code, error?.message]));
  return given;
}

describe('RecordEvaluation', () => {
  it('evaluates each record before it answers, once', () => {
    const records = [{}, {}];
    expect(answers(make(), records)).toEqual([[0, undefined]]);
    expect(evaluated).toEqual(records.map((record) => [record, 7]));
    expect(ledger.snapshot()).toMatchObject({ received: 2, passed: 2, held: 0 });
  });

  it('drops what is no record, and what it is told to, each for its reason', () => {
    const bad = {};
    answers(
      make((record) => (record === bad ? 'suppressed' : undefined)),
      [{}, bad, null, 'text', bad],
    );
    expect(drops).toEqual([
      { count: 2, reason: 'suppressed' },
      { count: 2, reason: 'invalid' },
    ]);
    expect(ledger.snapshot()).toMatchObject({ received: 5, passed: 1, held: 0 });
  });

  it('takes no list for no records', () => {
    for (const records of [undefined, null, 'list', 7]) expect(answers(make(), records)).toEqual([[0, undefined]]);
    expect(ledger.received).toBe(0);
  });

  it('drops what it cannot read of a list, and goes on with the next one', () => {
    const evaluation = make();
    const list = new Proxy([{}, {}, {}], {
      get: (target, key) => (key === '1' ? explode() : Reflect.get(target, key)),
    });
    answers(evaluation, list);
    answers(evaluation, [{}]);
    expect(drops).toEqual([{ count: 2, reason: 'invalid' }]);
    expect(ledger.snapshot()).toMatchObject({ received: 4, passed: 2, held: 0 });
  });

  it('drops as suppressed what comes from within an evaluation', () => {
    const evaluation = make(() => {
      answers(evaluation, [{}, {}]);
      return undefined;
    });
    answers(evaluation, [{}]);
    expect(evaluated).toHaveLength(1);
    expect(drops).toEqual([{ count: 2, reason: 'suppressed' }]);
    expect(ledger.snapshot()).toMatchObject({ received: 3, passed: 1, held: 0 });
  });

  it('answers FAILED after its end, and evaluates nothing', () => {
    const evaluation = make();
    evaluation.end();
    expect(answers(evaluation, [{}])).toEqual([[1, 'The exporter has been shut down.']]);
    expect([evaluated, ledger.received]).toEqual([[], 0]);
  });

  it('survives a callback that throws', () => {
    expect(() => make().export([], explode)).not.toThrow();
  });
});
