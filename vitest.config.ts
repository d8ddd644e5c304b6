import { availableParallelism } from 'node:os';

import { defineConfig } from 'vitest/config';

import { requiredParts } from './test/real-programs/parts.ts';

const conditions = ['dev'];
const LOOPS = ['test/durability/kill.test.ts', 'test/durability/crash-loop.test.ts'];
const exclude = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // Two at least, also where there are two cores: many tests wait for other programs most of the time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    passWithNoTests: false,
    restoreMocks: true,
    coverage: { provider: 'v8', include: ['packages/*/src/**'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts', 'examples/**/*.test.ts'],
          exclude: [...exclude, '**/*.real.test.ts', ...LOOPS],
          globalSetup: ['./test/real-programs/tell-left-out.ts'],
        },
      },
      // Minutes of it: apart, so that it can be left out where it was seen before.
      { extends: true, test: { name: 'loops', include: LOOPS, exclude } },
      ...requiredParts().map(([name, { tests }]) => ({
        extends: true as const,
        // Real programs take their time to start, and scrape once a second.
        test: { name, include: [tests], exclude, testTimeout: 30_000, hookTimeout: 60_000 },
      })),
    ],
  },
});
