import { defineConfig } from 'tsdown';

export default defineConfig({
  workspace: 'packages/*',
  // Besides the index, what a worker loads by its address: the worker's program, and backends of exporters.
  entry: 'src/{index,*-worker,*-backend}.ts',
  format: 'esm',
  platform: 'neutral',
  target: 'es2023',
  dts: true,
  sourcemap: true,
  exports: { devExports: 'dev' },
  publint: { strict: true },
  attw: { enabled: true, profile: 'esm-only', level: 'error' },
  failOnWarn: true,
});
