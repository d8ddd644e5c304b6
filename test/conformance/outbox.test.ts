// oxlint-disable-next-line import/no-unassigned-import -- it makes the globals that `idb` asks for
import 'fake-indexeddb/auto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fileOutbox, indexedDbOutbox, MemoryOutbox } from '@spillway/delivery';
import { vi } from 'vitest';

// oxlint-disable-next-line no-restricted-imports -- one stand-in for the locks of a browser is enough
import { TestLocks, TestPageLocks } from '../../packages/delivery/test/indexed-db-outbox/test-locks.ts';
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

const locks = new TestLocks();
let databases = 0;
for (const withLocks of [true, false]) {
  outboxConformance(`indexedDbOutbox ${withLocks ? 'with' : 'without'} Web Locks`, {
    create: () => {
      vi.stubGlobal('navigator', withLocks ? { locks: new TestPageLocks(locks).manager } : {});
      databases += 1;
      const databaseName = `outbox-${databases}`;
      return {
        open: () => indexedDbOutbox({ databaseName }),
        remove: () => {
          vi.unstubAllGlobals();
          indexedDB.deleteDatabase(databaseName);
        },
      };
    },
  });
}
