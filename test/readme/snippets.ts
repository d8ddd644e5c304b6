import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A block of code in a README. */
export interface Snippet {
  /** Where it stands, such as `packages/retry/README.md, snippet 1`. */
  readonly name: string;
  readonly code: string;
  /** The `text` block that follows it with nothing in between, such as what a program writes. */
  readonly answer: string | undefined;
}

export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url));

/** Every block of a language in the READMEs that people read first: the root's and those of packages and examples. */
export function readSnippets(language: string): Snippet[] {
  const fence = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$(?:\\s*^\`\`\`text\\n(.*?)^\`\`\`$)?`, 'gms');
  return readmes().flatMap((path) =>
    [...readFileSync(join(ROOT, path), 'utf8').matchAll(fence)].map(([, code = '', answer], index) => ({
      name: `${path}, snippet ${index + 1}`,
      code,
      answer,
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
