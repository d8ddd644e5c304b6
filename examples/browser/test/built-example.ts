import { isBuiltin } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build, createLogger, preview, type PreviewServer } from 'vite';

/** Where the example is. */
export const ROOT: string = fileURLToPath(new URL('..', import.meta.url));

/** The example as `vite build` makes it, in a folder of its own. */
export class BuiltExample {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'spillway-page-'));
  /** What the build has warned of, or called an error. */
  readonly warnings: string[] = [];
  /** Which modules have asked for one of Node's, which Vite replaces without a word. */
  readonly nodeImports: string[] = [];
  #server: PreviewServer | undefined;

  async build(): Promise<void> {
    const note = (message: string): void => void this.warnings.push(message);
    const customLogger = { ...createLogger('silent'), warn: note, warnOnce: note, error: note };
    const noteImport = (id: string, importer = ''): void => {
      if (isBuiltin(id)) this.nodeImports.push(`${id} in ${importer}`);
    };
    const plugins = [{ name: 'note-node-imports', enforce: 'pre' as const, resolveId: noteImport }];
    await build({
      root: ROOT,
      plugins,
      customLogger,
      logLevel: 'warn',
      build: { outDir: this.folder, emptyOutDir: true },
    });
  }

  /** Serves it, with a new Loki and on a new port, and no more where it did before. The address of its first page. */
  async serve(): Promise<string> {
    await this.#server?.close();
    this.#server = await preview({
      root: ROOT,
      logLevel: 'error',
      build: { outDir: this.folder },
      preview: { port: 0 },
    });
    return this.#server.resolvedUrls?.local[0] ?? '';
  }

  async remove(): Promise<void> {
    await this.#server?.close();
    rmSync(this.folder, { recursive: true });
  }
}
