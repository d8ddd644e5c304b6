/** Tests against real programs. */
export interface RealPart {
  /** Which files. */
  readonly tests: string;
  /** What must be installed, as a text for people. */
  readonly programs: string;
  /** Which files besides need the machine for themselves: they come after all others, one at a time. @defaultValue none */
  readonly testsAlone?: string;
}

/** By the name with which `SPILLWAY_REQUIRE` asks for them (a list, with commas). */
const REAL_PARTS: Readonly<Record<string, RealPart>> = {
  prometheus: { tests: 'test/prometheus/**/*.real.test.ts', programs: 'Prometheus and Pushgateway' },
  alertmanager: { tests: 'test/pagerduty/**/*.real.test.ts', programs: 'Alertmanager' },
  chromium: {
    tests: 'test/live-tail/**/*.real.test.ts',
    // A tab that is closed has half a second by the clock for all that it still has to do, whoever else takes the processor.
    testsAlone: '{test/browser,examples/browser/test}/**/*.real.test.ts',
    programs: 'Chromium',
  },
};

/** The parts that this run asks for, by name. @throws Error where `SPILLWAY_REQUIRE` names one that there is not */
export function requiredParts(): readonly (readonly [name: string, part: RealPart])[] {
  const names = requiredNames();
  const unknown = names.find((name) => !Object.hasOwn(REAL_PARTS, name));
  if (unknown !== undefined) throw new Error(`SPILLWAY_REQUIRE names ${unknown}, which is no part of the tests.`);
  return Object.entries(REAL_PARTS).filter(([name]) => names.includes(name));
}

/** The parts that this run leaves out, by name. */
export function leftOutParts(): readonly (readonly [name: string, part: RealPart])[] {
  const names = requiredNames();
  return Object.entries(REAL_PARTS).filter(([name]) => !names.includes(name));
}

function requiredNames(): readonly string[] {
  return (process.env['SPILLWAY_REQUIRE'] ?? '').split(',').filter((name) => name !== '');
}
