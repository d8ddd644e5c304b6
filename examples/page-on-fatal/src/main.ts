import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openLoki, startApp } from '@spillway/example-shared';

import { openPagerDuty } from './pager-duty.ts';

const loki = await openLoki();
const pagerDuty = await openPagerDuty();
const folder = await mkdtemp(join(tmpdir(), 'page-on-fatal-'));
const environment = {
  SPILLWAY_CONFIG_FILE: 'spillway.yaml',
  LOKI_URL: loki.url,
  INCIDENT_FILE: join(folder, 'incidents.json'),
  ...pagerDuty.environment,
};

// Whatever supervises a service starts it again.
for (const start of ['first', 'second']) {
  const exitCode = await startApp(['--import', '@spillway/config/register', './src/app.ts'], environment).ended;
  console.log(`The ${start} app has died with exit code ${exitCode}.`);
}
await loki.printLines('{service_name="shop"}', ['order', 'exception_type', 'exception_message']);
pagerDuty.printPages();
await pagerDuty.close();
await loki.close();
await rm(folder, { recursive: true });
