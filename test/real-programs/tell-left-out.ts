import { leftOutParts } from './parts.ts';

/** Says in a test run which tests it leaves out, because nothing requires the programs that they need. */
export function setup(): void {
  for (const [name, { programs }] of leftOutParts()) {
    // oxlint-disable-next-line eslint/no-console
    console.log(`Left out: tests against real ${programs}. SPILLWAY_REQUIRE=${name} runs them.`);
  }
}
