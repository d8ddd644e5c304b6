import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { LokiStandIn } from '../loki/index.ts';
import { readSnippets, type Snippet } from './snippets.ts';

const run = promisify(execFile);
/** The address that READMEs use, as everybody's first Loki has it; here a stand-in answers instead. */
const LOKI_OF_READMES = 'http://127.0.0.1:3100';
const TIMEOUT_MILLIS = 30_000;

const snippets = readSnippets('ts');
const standIn = new LokiStandIn();
// Inside this package, so that imports resolve as they do for a user who has installed the packages.
const folder = mkdtempSync(join(import.meta.dirname, 'run-'));

beforeAll(() => standIn.start());
afterAll(async () => {
  await standIn.close();
  rmSync(folder, { recursive: true });
});

function write({ code }: Snippet, index: number): string {
  const file = join(folder, `snippet-${index}.ts`);
  writeFileSync(file, code.replaceAll(LOKI_OF_READMES, standIn.url));
  return file;
}

describe('every program in a README', () => {
  it.each(snippets.map((snippet, index) => [snippet.name, snippet, index] as const))(
    '%s runs and ends by itself',
    async (_name, snippet, index) => {
      const before = standIn.entries().length;
      const options = { cwd: folder, timeout: TIMEOUT_MILLIS };
      await run(process.execPath, ['--conditions=dev', write(snippet, index)], options);
      const sendsToLoki = snippet.code.includes(LOKI_OF_READMES);
      expect(standIn.entries().length > before).toBe(sendsToLoki);
    },
    TIMEOUT_MILLIS,
  );

  it(
    'is right by its types',
    async () => {
      snippets.forEach(write);
      const config = join(folder, 'tsconfig.json');
      writeFileSync(
        config,
        JSON.stringify({
          extends: '../../../tsconfig.base.json',
          compilerOptions: { isolatedDeclarations: false, declaration: false },
          include: ['*.ts'],
        }),
      );
      const mistakes = await run('tsc', ['-p', config]).then(
        () => '',
        ({ stdout }: { stdout: string }) => stdout,
      );
      expect(mistakes).toBe('');
    },
    4 * TIMEOUT_MILLIS,
  );
});
