/** An application that pages and ends as it is told: what is left of its incident is the subject of `restart.test.ts`. */
import { fileIncidentStore } from '@spillway/exporter-pagerduty';

import { PagingApplication } from './paging-application.ts';

const [, , ending = '', url = '', path = ''] = process.argv;
const store = fileIncidentStore({ path });
const application = new PagingApplication({
  url,
  store,
  rules: [{ name: 'errors', when: { minSeverity: 17 }, resolveAfterMillis: 3000, minOpenMillis: 0 }],
});
const { exporter, logger } = application;

if (ending !== 'wait') for (let index = 0; index < 3; index += 1) logger.emit({ severityNumber: 17, body: 'broken' });
// In the turn of the export: nothing was sent yet.
if (ending === 'kill at once') process.kill(process.pid, 'SIGKILL');
await exporter.forceFlush({ timeoutMillis: 2000 });
if (ending === 'kill') process.kill(process.pid, 'SIGKILL');
if (ending === 'wait')
  while (exporter.stats().openIncidents > 0) await new Promise((resolve) => setTimeout(resolve, 20));
await application.close();
