import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fileOutbox, MemoryOutbox } from '@spillway/delivery';

import { outboxConformance } from './outbox-conformance.ts';

outboxConformance('MemoryOutbox', {
  create: () => ({ open: () => new MemoryOutbox(), remove: () => {} }),
});

for (const durability of ['process', 'os'] as const) {
  outboxConformance(`fileOutbox with durability ${durability}`, {
    create: () => {
      const parent = mkdtempSync(join(tmpdir(), 'spillway-outbox-'));
      return {
        open: () => fileOutbox({ directory: join(parent, 'outbox'), durability, inline: true }),
        remove: () => rmSync(parent, { recursive: true, force: true }),
      };
    },
  });
}
