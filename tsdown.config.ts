import { defineConfig } from 'tsdown';

export default defineConfig({
  workspace: 'packages/*',
  // Besides the index: what a configuration file needs, what `--import` names, what a page or a command line uses of a server,
  // and what a worker loads by its address: its program, and backends of exporters. And both of what is one thing in Node
  // and another in a page: `imports` of package.json chooses at the application's.
  entry:
    'src/{index,main,register,live-tail-client,component-provider,component-providers,component-properties,*-worker,*-backend,node-*,browser-*}.ts',
  deps: { neverBundle: [/^#/] },
  format: 'esm',
  platform: 'neutral',
  target: 'es2023',
  dts: true,
  sourcemap: true,
  // A schema is no module, and would be lost.
  exports: {
    devExports: 'dev',
    exclude: ['main', /^(?:node|browser)-/],
    // Its name would be that of the package, and not `spillway`.
    bin: false,
    customExports: (exports, { pkg }) => withSchema(exports, pkg.files),
  },
  publint: { strict: true },
  attw: { enabled: true, profile: 'esm-only', level: 'error' },
  failOnWarn: true,
});

function withSchema(exports: Record<string, unknown>, files: readonly string[] = []): Record<string, unknown> {
  if (!files.includes('schema.json')) return exports;
  const { './package.json': manifest, ...modules } = exports;
  return { ...modules, './schema.json': './schema.json', './package.json': manifest };
}
