import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program shown in a README. */
export interface Snippet {
  /** Where it stands, such as `packages/retry/README.md, snippet 1`. */
  readonly name: string;
  readonly code: string;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FENCE = /^```ts\n(.*?)^```$/gms;

/** Every `ts` block of the READMEs that people read first: the root's and those of packages and examples. */
export function readSnippets(): Snippet[] {
  return readmes().flatMap((path) =>
    [...readFileSync(join(ROOT, path), 'utf8').matchAll(FENCE)].map(([, code = ''], index) => ({
      name: `${path}, snippet ${index + 1}`,
      code,
    })),
  );
}

function readmes(): string[] {
  const folders = ['packages', 'examples'].flatMap((parent) =>
    readdirSync(join(ROOT, parent))
      .filter((name) => statSync(join(ROOT, parent, name)).isDirectory())
      .map((name) => join(parent, name)),
  );
  return ['README.md', ...folders.map((folder) => join(folder, 'README.md'))];
}
