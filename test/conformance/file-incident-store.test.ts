import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fileIncidentStore } from '@spillway/exporter-pagerduty';

import { storedIncident, stormState } from './incident-states.ts';
import { incidentStoreConformance } from './incident-store-conformance.ts';

const MAX_FILE_BYTES = 8 * 1024 * 1024;
const tooLarge = { ...storedIncident(0, 1), summary: 'x'.repeat(MAX_FILE_BYTES) };
const unserializable = { ...storedIncident(0, 1), count: 1n as unknown as number };

for (const durability of ['process', 'os'] as const) {
  incidentStoreConformance(`fileIncidentStore with durability ${durability}`, {
    create: () => {
      const directory = mkdtempSync(join(tmpdir(), 'spillway-store-'));
      const options = { path: join(directory, 'state/incidents.json'), durability };
      return {
        open: () => fileIncidentStore(options),
        opening: `pagerduty.fileIncidentStore(${JSON.stringify(options)})`,
        remove: () => rmSync(directory, { recursive: true, force: true }),
      };
    },
    unsavable: [tooLarge, unserializable].map((incident) => ({ ...stormState(1), incidents: [incident] })),
  });
}
