import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'rolldown';
import { afterAll } from 'vitest';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PACKAGES = fileURLToPath(new URL('../../packages/', import.meta.url));
const SCRIPT = /-script\.ts$/;

/**
 * The programs of this folder in one file each, as an application's bundler makes them: hundreds of processes that each load
 * all sources take minutes. Beside them is what a worker loads by its address.
 */
async function buildPrograms(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-programs-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  // Some of them run as another user.
  chmodSync(folder, 0o755);
  const scripts = readdirSync(HERE).filter((name) => SCRIPT.test(name));
  await build({
    input: [
      ...scripts.map((name) => join(HERE, name)),
      join(PACKAGES, 'delivery/src/delivery-worker.ts'),
      join(PACKAGES, 'exporter-loki/src/loki-backend.ts'),
    ],
    platform: 'node',
    resolve: { conditionNames: ['dev', 'node', 'import', 'default'] },
    output: { dir: folder, format: 'esm', chunkFileNames: '[name]-[hash].js' },
    logLevel: 'silent',
  });
  return folder;
}

const folder = await buildPrograms();

/** Where the program is that a script of this folder was made into. */
export function programOf(script: string): string {
  return join(folder, script.replace(/\.ts$/, '.js'));
}
