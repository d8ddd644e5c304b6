import { SamplingLogRecordProcessor, type SamplingLogRecordProcessorOptions } from '@spillway/processors';
import { expect, test } from 'vitest';

import { KeepingDelegate } from './harness.ts';

type WrongOptions = { readonly [Name in keyof SamplingLogRecordProcessorOptions]?: unknown } & Readonly<
  Record<string, unknown>
>;

const pressure = (): number => 0;

const make = (options: WrongOptions): SamplingLogRecordProcessor =>
  new SamplingLogRecordProcessor({ delegate: new KeepingDelegate(), ...options } as never);

test.each<[WrongOptions, string]>([
  [{ delegate: undefined }, '`delegate` to be an object with onEmit(), forceFlush(), shutdown()'],
  [{ ratio: 1.5 }, '`ratio` to be a number from 0 to 1, got `1.5`'],
  [{ ratio: -0.1 }, '`ratio`'],
  [{ ratio: Number.NaN }, '`ratio`'],
  [{ ratio: '0.5' }, '`ratio` to be a number from 0 to 1, got `0.5` (string)'],
  [{ every: 0 }, '`every` to be an integer from 1 and up'],
  [{ every: 1.5 }, '`every`'],
  [{ ratio: 0.5, every: 2 }, '`every` to be absent where `ratio` is given'],
  [{ rules: {} }, '`rules` to be an array'],
  [{ rules: [null] }, '`rules[0]` to be an object'],
  [{ rules: [{ ratio: 1 }, { ratio: 2 }] }, '`rules[1].ratio`'],
  [{ rules: [{}] }, '`rules[0]` to be a rule with either `ratio` or `every`'],
  [{ rules: [{ ratio: 1, every: 1 }] }, '`rules[0]` to be a rule with either `ratio` or `every`'],
  [{ rules: [{ ratio: 1, minSeverity: 0 }] }, '`rules[0].minSeverity` to be an integer from 1 to 24'],
  [{ rules: [{ ratio: 1, minSeverity: 9, maxSeverity: 8 }] }, '`rules[0].maxSeverity` to be an integer from 9 to 24'],
  [{ rules: [{ ratio: 1, scope: '' }] }, '`rules[0].scope`'],
  [{ rules: [{ ratio: 1, eventName: 1 }] }, '`rules[0].eventName`'],
  [{ rules: [{ ratio: 1, predicate: true }] }, '`rules[0].predicate` to be a function'],
  [{ rules: [{ ratio: 1, minSeverity: 17 }] }, '`rules[0]` to be for severities below `keepMinSeverity` (17)'],
  [{ severityRatios: { ERROR: 0.5 } }, '`severityRatios.ERROR` to be for severities below `keepMinSeverity` (17)'],
  [{ severityRatios: { debug: 0.5 } }, '`severityRatios.debug` to be left out: it is none of `TRACE`, `DEBUG`'],
  [{ severityRatios: { DEBUG: 2 } }, '`severityRatios.DEBUG` to be a number from 0 to 1'],
  [{ severityRatios: null }, '`severityRatios` to be left out or given a value, got `null` (null)'],
  [{ severityRatios: [] }, '`severityRatios` to be an object'],
  [{ ratios: { DEBUG: 0.1 } }, '`ratios` to be left out: it is none of `delegate`, `ratio`'],
  [{ ratio: null }, '`ratio` to be left out or given a value'],
  [{ rules: [{ severity: 'DEBUG', ratio: 0 }] }, '`rules[0].severity` to be left out: it is none of `minSeverity`'],
  [{ rules: Array(1) }, '`rules[0]` to be an object'],
  [{ pressureLowMark: 0.5 }, '`pressureLowMark` to be left out where there is no `pressure`'],
  [
    { delegate: { export: () => {} } },
    'an exporter goes into one, such as `new HybridLogRecordProcessor({ exporter })`',
  ],
  [{ keepMinSeverity: 0 }, '`keepMinSeverity` to be an integer from 1 to 24'],
  [{ keepMinSeverity: 25 }, '`keepMinSeverity` to be an integer from 1 to 24'],
  [{ keepMinSeverity: 17.5 }, '`keepMinSeverity`'],
  [{ usePriority: 'yes' }, '`usePriority` to be a boolean'],
  [{ pressure: 0.5 }, '`pressure` to be a function'],
  [{ pressure, pressureLowMark: 0.9 }, '`pressureLowMark` to be less than `pressureHighMark`'],
  [{ pressure, pressureLowMark: 0.95 }, '`pressureLowMark` to be a number from 0 to 0.9'],
  [{ pressure, pressureHighMark: 1.1 }, '`pressureHighMark` to be a number from 0 to 1'],
  [{ pressure, pressureMinRatios: { INFO: 0 } }, '`pressureMinRatios.INFO` to be a number from 0.0009765625 to 1'],
  [{ pressure, pressureMinRatios: { ALL: 1 } }, '`pressureMinRatios.ALL` to be left out: it is none of `TRACE`'],
  [{ pressure, pressureMinRatios: 1 }, '`pressureMinRatios` to be an object'],
  [{ random: 4 }, '`random` to be a function'],
  [{ selfObsMeterProvider: {} }, '`selfObsMeterProvider` to be an object with getMeter()'],
])('%o is refused at construction', (options, message) => {
  expect(() => make(options)).toThrow(message);
});

test('what is not an object is refused', () => {
  for (const options of [undefined, null, 1]) {
    expect(() => new SamplingLogRecordProcessor(options as never)).toThrow('`options` to be an object');
  }
});

test('severities above ERROR can be sampled where the application says so', () => {
  expect(() => make({ keepMinSeverity: Infinity, severityRatios: { FATAL: 0.5 } })).not.toThrow();
  expect(() => make({ keepMinSeverity: 21, severityRatios: { ERROR: 0.5 } })).not.toThrow();
});
