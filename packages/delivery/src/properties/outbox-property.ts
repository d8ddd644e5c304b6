import {
  choice,
  flag,
  group,
  integer,
  orNull,
  type Properties,
  type Property,
  required,
  text,
} from '@spillway/core/component-provider';

import { fileOutbox } from '../file-outbox/file-outbox.ts';
import type { FileOutboxOptions } from '../file-outbox/file-outbox-options.ts';
import { MemoryOutbox, type Outbox } from '../outbox.ts';

const MEMORY: Properties = {
  max_bytes: integer('Bytes that it may hold; a record takes 30 to 50 of them.', {
    min: 1024,
    default: 32 * 1024 * 1024,
  }),
};

const FILE: Properties = {
  directory: required(
    text(
      'Where the files are; made where it is missing, for nobody but the user of the process. Processes may share one. In a container, a directory below the mount of a volume.',
    ),
  ),
  max_bytes: integer('Bytes of payloads that it may hold. On disk they take up to 1.6 times as much.', {
    min: 1024 * 1024,
    default: 512 * 1024 * 1024,
  }),
  durability: choice(
    'What a payload outlives: `process` the end of the process, `os` a power failure too, for which each write waits.',
    ['process', 'os'],
    { default: 'process' },
  ),
  max_age: integer('Time that a payload may wait, in milliseconds, restarts included. 6 days by default.', {
    min: 1,
    default: 6 * 24 * 60 * 60 * 1000,
    option: 'maxAgeMillis',
  }),
  inline: flag('Whether the thread that logs compresses, writes and sends, and waits for each write.', {
    default: false,
  }),
};

/** Neither kind is opened before a delivery uses it: what is only checked touches no disk. */
const OUTBOX: Properties = {
  memory: orNull(
    group('In memory: fast, and lost with the process.', MEMORY, { make: (options) => new MemoryOutbox(options) }),
    {},
  ),
  file: group('In a directory: what was exported outlives the process, and its next one delivers it.', FILE, {
    make: (options) => fileOutbox(options as unknown as FileOutboxOptions),
  }),
};

/** Where payloads wait until they are delivered. */
export const outboxProperty: Property = oneOf(
  group(
    'Where payloads wait: one of `memory` and `file`. When it is full, the least severe goes first, then the oldest. 32 MiB in memory where it is left out.',
    OUTBOX,
    { make: theOutbox },
  ),
);

function theOutbox(outboxes: Record<string, unknown>): Outbox {
  const [outbox, other] = Object.values(outboxes) as Outbox[];
  if (outbox !== undefined && other === undefined) return outbox;
  throw new TypeError(`Expected \`memory\` or \`file\` to be given, and not both.`);
}

/** An object that has exactly one of its properties. */
function oneOf({ schema, ...property }: Property): Property {
  return { ...property, schema: { ...schema, minProperties: 1, maxProperties: 1 } };
}
