import { writeFile } from 'node:fs/promises';

import { buildPageAssets } from './build-page.ts';

await writeFile(new URL('../src/page/page-assets.ts', import.meta.url), await buildPageAssets());
