import { ROOT_CONTEXT } from '@opentelemetry/api';
import { LoggerProvider, type LogRecordProcessor, type ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import { FanOutLogRecordProcessor } from '@spillway/processors';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { hostileProxy, rejecting, settle, StubProcessor, throwing } from '../decorator/stub-processor.ts';
import { ERROR, setUp, stubs } from './harness.ts';

/** Writes to everything that a record lets be written. */
function overwrite(record: ReadWriteLogRecord): void {
  record.setAttribute('key', 'changed').setAttributes({ added: 1 }).setBody('changed').setEventName('changed');
  record.setSeverityNumber(1).setSeverityText('changed').hrTime = [0, 0];
  record.droppedAttributesCount = 7;
}

const writing = (): LogRecordProcessor => new StubProcessor({ whenEmitted: overwrite });

test('what a delegate writes to a record, nobody else sees', () => {
  const seen: unknown[] = [];
  const look = ({ attributes, body, eventName, severityNumber, severityText, hrTime }: ReadWriteLogRecord): void =>
    void seen.push({ attributes: { ...attributes }, body, eventName, severityNumber, severityText, hrTime });
  const looking = (): LogRecordProcessor => new StubProcessor({ whenEmitted: look });
  const fanOut = new FanOutLogRecordProcessor({
    delegates: [writing(), looking(), writing(), looking(), writing()],
  });
  const provider = new LoggerProvider({ processors: [looking(), fanOut, looking()] });
  provider.getLogger('scope').emit({
    severityNumber: ERROR,
    severityText: 'ERROR',
    eventName: 'event',
    body: 'text',
    attributes: { key: 'value' },
    timestamp: [1_700_000_000, 0],
  });
  expect(seen).toHaveLength(4);
  for (const one of seen) expect(one).toEqual(seen[0]);
});

test('what a sibling writes before, all delegates see; what it writes afterwards, none', async () => {
  const [first, last] = stubs(2) as [StubProcessor, StubProcessor];
  const before = new StubProcessor({ whenEmitted: (record) => record.setAttribute('before', 1).setBody('before') });
  const after = new StubProcessor({ whenEmitted: (record) => record.setBody('after').setSeverityText('after') });
  const fanOut = new FanOutLogRecordProcessor({ delegates: [first, last] });
  new LoggerProvider({ processors: [before, fanOut, after] }).getLogger('scope').emit({ body: 'text' });
  for (const { records } of [first, last]) {
    expect(records[0]).toMatchObject({ body: 'before', attributes: { before: 1 } });
    expect(records[0]?.severityText).toBeUndefined();
  }
  await fanOut.shutdown();
});

test('every delegate gets every record, whichever of the others fail, and each failure is counted', () => {
  const plan = fc.array(fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), { maxLength: 30 });
  fc.assert(
    fc.property(plan, fc.integer({ min: 1, max: 4 }), fc.boolean(), (records, count, hasOnError) => {
      const taken: unknown[][] = Array.from({ length: count }, () => []);
      const reports: unknown[] = [];
      const delegates = taken.map((bodies, index) => {
        const whenEmitted = ({ body }: ReadWriteLogRecord): void => {
          if (records[Number(body)]?.[index] === true) throwing();
          bodies.push(body);
        };
        return new StubProcessor({ whenEmitted });
      });
      const { processor, logger } = setUp({
        delegates,
        ...(hasOnError && { onError: (report) => reports.push(report) }),
      });
      records.forEach((_, body) => logger.emit({ body }));
      const failures = taken.map((_, index) => records.filter((failing) => failing[index]).length);
      const errors = failures.reduce((sum, failed) => sum + failed, 0);
      expect(processor.stats()).toMatchObject({ received: records.length, passed: records.length, held: 0 });
      expect(processor.stats()).toMatchObject({ created: 0, droppedTotal: 0, failures, errors });
      expect(reports).toHaveLength(hasOnError ? errors : 0);
      taken.forEach((bodies, index) => {
        expect(bodies).toEqual(records.flatMap((failing, body) => (failing[index] === true ? [] : [body])));
      });
    }),
  );
});

test('a record that cannot be read is dropped before any delegate gets it', async () => {
  const delegates = stubs(3);
  const { processor } = setUp({ delegates });
  const unreadable = ['body', 'attributes', 'resource', 'hrTime'].map((name) =>
    Object.defineProperty({ hrTime: [0, 0], attributes: {} }, name, { get: throwing }),
  );
  for (const record of [undefined, null, hostileProxy, ...unreadable]) processor.onEmit(record as never);
  expect(processor.stats()).toMatchObject({ received: 7, passed: 0, dropped: { invalid: 7 }, held: 0, errors: 0 });
  expect(delegates.map(({ records }) => records.length)).toEqual([0, 0, 0]);
  await processor.shutdown();
});

test('a delegate that logs whatever it gets is cut off, and costs the others nothing', async () => {
  const [quiet] = stubs(1) as [StubProcessor];
  const feeding = new StubProcessor({ whenEmitted: () => logger.emit({ body: 'more' }) });
  const { processor, logger } = setUp({ delegates: [feeding, quiet] });
  expect(() => logger.emit({ body: 'first' })).not.toThrow();
  expect(processor.stats().dropped).toEqual({ suppressed: 1 });
  expect(quiet.bodies.at(-1)).toBe('first');
  await processor.shutdown();
});

test('it is enabled where any delegate is, asking no more of them than it needs', () => {
  const options = { context: ROOT_CONTEXT, instrumentationScope: { name: 'scope' } };
  const asked: number[] = [];
  const answers = [false, false, false];
  const delegates = answers.map(
    (_, index) =>
      new StubProcessor({
        whenAsked: () => {
          asked.push(index);
          return answers[index];
        },
      }),
  );
  const { processor } = setUp({ delegates });
  expect(processor.enabled(options)).toBe(false);
  answers[1] = true;
  expect(processor.enabled(options)).toBe(true);
  expect(asked).toEqual([0, 1, 2, 0, 1]);
  void processor.shutdown();
  expect(processor.enabled(options)).toBe(false);
});

test('a delegate whose promise rejects costs nobody anything', async () => {
  const { processor, logger } = setUp({ delegates: [new StubProcessor({ whenEmitted: rejecting }), ...stubs(1)] });
  logger.emit({ body: 'text' });
  await settle();
  expect(processor.stats()).toMatchObject({ passed: 1, failures: [1, 0], errors: 1 });
});
