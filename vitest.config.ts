import { defineConfig } from 'vitest/config';

const conditions = ['dev'];
const exclude = ['**/node_modules/**', '**/dist/**'];

/** Tests against real programs, by the name with which `SPILLWAY_REQUIRE` asks for them (a list, with commas). */
const REAL_PARTS = {
  prometheus: { tests: 'test/prometheus/**/*.real.test.ts', tellLeftOut: './test/prometheus/tell-left-out.ts' },
};
type RealPart = keyof typeof REAL_PARTS;

const required = (process.env['SPILLWAY_REQUIRE'] ?? '').split(',').filter((name) => name !== '');
const unknown = required.find((name) => !Object.hasOwn(REAL_PARTS, name));
if (unknown !== undefined) throw new Error(`SPILLWAY_REQUIRE names ${unknown}, which is no part of the tests.`);
const leftOut = Object.entries(REAL_PARTS).filter(([name]) => !required.includes(name));

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    passWithNoTests: false,
    restoreMocks: true,
    coverage: { provider: 'v8', include: ['packages/*/src/**'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts', 'examples/**/*.test.ts'],
          exclude: [...exclude, '**/*.real.test.ts'],
          globalSetup: leftOut.map(([, { tellLeftOut }]) => tellLeftOut),
        },
      },
      ...required.map((name) => ({
        extends: true as const,
        // Real programs take their time to start, and scrape once a second.
        test: {
          name,
          include: [REAL_PARTS[name as RealPart].tests],
          exclude,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      })),
    ],
  },
});
