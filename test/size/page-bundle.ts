import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { rolldown } from 'rolldown';

/** A program as a page loads it, from the sources of this repository. */
export interface PageBundle {
  readonly code: string;
  readonly gzippedBytes: number;
  /** What the bundler had to say about it. */
  readonly warnings: readonly string[];
  /** Files, modules of others and built-ins that it would load at run time. */
  readonly imports: readonly string[];
  /** Addresses of the modules of which anything is left. */
  readonly modules: readonly string[];
}

/** The OTel API is the application's own: a page that logs has it anyway. */
const APPLICATIONS_OWN = ['@opentelemetry/api'];

/** Bundles a program of this folder for browsers, minified, without what it does not use. */
export async function bundleForPage(entry: string): Promise<PageBundle> {
  const warnings: string[] = [];
  const bundle = await rolldown({
    input: fileURLToPath(new URL(entry, import.meta.url)),
    platform: 'browser',
    external: APPLICATIONS_OWN,
    resolve: { conditionNames: ['dev', 'import', 'browser'] },
    onLog: (_level, log) => void warnings.push(log.message),
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  await bundle.close();
  const [main] = output;
  return {
    code: main.code,
    gzippedBytes: gzipSync(main.code, { level: 9 }).byteLength,
    warnings,
    imports: [...main.imports, ...main.dynamicImports],
    modules: Object.entries(main.modules)
      .filter(([, module]) => module.renderedLength > 0)
      .map(([id]) => id),
  };
}
