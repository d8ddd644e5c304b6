import { availableParallelism } from 'node:os';

import { defineConfig } from 'vitest/config';

import { requiredParts } from './test/real-programs/parts.ts';

const conditions = ['dev'];
const exclude = ['**/node_modules/**', '**/dist/**'];
/**
 * V8 ends the whole process now and then (`Check failed: jit_page.has_value()`) where threads end while others tier up what
 * WebAssembly calls of JavaScript: here the removal of types and the HTTP parser, in workers that die. So it does not tier up.
 * @see https://github.com/nodejs/node/issues/64500 (open on 2026-11-29)
 */
const execArgv = ['--wasm-wrapper-tiering-budget=2147483647'];
/** What need not be seen on every Node: minutes of kills, crashes and starts, stand-ins, programs for readers, and sizes. */
const ONCE = [
  'packages/config/test/register/**/*.test.ts',
  'test/config/**/*.test.ts',
  'test/conformance/file-incident-store.test.ts',
  'test/durability/{kill,crash-loop}.test.ts',
  'test/{loki,pagerduty,prometheus,readme,size}/**/*.test.ts',
  'examples/**/*.test.ts',
  'bench/**/*.test.ts',
];
/** After all others, one file at a time. */
const ALONE = { maxWorkers: 1, sequence: { groupOrder: 1 } };

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    execArgv,
    // Two at least, also where there are two cores: many tests wait for other programs most of the time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    passWithNoTests: false,
    restoreMocks: true,
    // A busy machine may need longer than the second that it is by default; what comes is seen at once all the same.
    expect: { poll: { timeout: 4000 } },
    coverage: { provider: 'v8', include: ['packages/*/src/**'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [...exclude, '**/*.real.test.ts', ...ONCE],
          globalSetup: ['./test/real-programs/tell-left-out.ts'],
        },
      },
      { extends: true, test: { name: 'once', include: ONCE, exclude: [...exclude, '**/*.real.test.ts'] } },
      ...requiredParts().flatMap(([name, { tests, testsAlone }]) => [
        realProject(name, tests),
        ...(testsAlone === undefined ? [] : [realProject(`${name} alone`, testsAlone, ALONE)]),
      ]),
    ],
  },
});

/** Real programs take their time to start, and scrape once a second. */
function realProject(name: string, include: string, more: Partial<typeof ALONE> = {}) {
  const test = { testTimeout: 30_000, hookTimeout: 60_000, expect: { poll: { timeout: 15_000 } } };
  return { extends: true as const, test: { name, include: [include], exclude, ...test, ...more } };
}
