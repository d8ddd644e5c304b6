import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onTestFinished } from 'vitest';

/** A file of a test, which goes with it. */
export function textFile(text: string, name = 'spillway.yaml'): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, text);
  return file;
}

/** A folder of a test, which goes with it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
