import { fileURLToPath } from 'node:url';

import { build } from 'rolldown';

/** A program for pages, as one text. */
export async function bundlePageScript(source: URL): Promise<string> {
  const { output } = await build({
    input: fileURLToPath(source),
    platform: 'browser',
    resolve: { conditionNames: ['dev', 'import', 'browser', 'default'] },
    // A sandboxed document may load it without asking, and it runs before the page is complete.
    output: { format: 'iife', codeSplitting: false },
    write: false,
    logLevel: 'silent',
  });
  return output[0].code;
}
