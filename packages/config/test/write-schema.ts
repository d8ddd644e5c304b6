import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { configurationSchema } from '@spillway/config';

// The formatter decides how it looks.
const text = JSON.stringify(configurationSchema(), undefined, 2);
writeFileSync(join(import.meta.dirname, '../schema.json'), `${text}\n`);
