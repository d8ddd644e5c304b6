import { defineConfig } from 'tsdown';

export default defineConfig({
  workspace: 'packages/*',
  entry: 'src/index.ts',
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
