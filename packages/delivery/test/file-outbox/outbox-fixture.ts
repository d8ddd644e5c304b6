import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { onTestFinished } from 'vitest';

import { SqliteOutbox, type SqliteOutboxInternals } from '../../src/file-outbox/sqlite-outbox.ts';
import type { FileOutboxOptions } from '../../src/file-outbox/file-outbox-options.ts';
import { type AdoptedPayload, type AdoptionRequest, LostPayloadError } from '../../src/outbox.ts';
import type { Payload } from '../../src/payload.ts';
import { numberedPayload } from './numbered-payload.ts';

/** A directory that is removed after the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'spillway-outbox-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

interface OutboxFixture {
  readonly outbox: SqliteOutbox;
  readonly problems: string[];
}

/** An outbox that is closed after the test. */
export function openOutbox(
  options: string | FileOutboxOptions,
  internals: Omit<SqliteOutboxInternals, 'onProblem'> = {},
): OutboxFixture {
  const problems: string[] = [];
  const onProblem = (text: string): void => void problems.push(text);
  const resolved = typeof options === 'string' ? { directory: options } : options;
  const outbox = new SqliteOutbox(resolved, { ...internals, onProblem });
  onTestFinished(() => outbox.close());
  return { outbox, problems };
}

/** Takes over whatever there is. */
export function adoptAll(outbox: SqliteOutbox, request: Partial<AdoptionRequest> = {}): readonly AdoptedPayload[] {
  const bounds = { maxBytes: Infinity, maxPayloads: Infinity, isEmpty: true };
  return outbox.adopt({ accepts: () => true, ...bounds, ...request });
}

/** Puts payloads in an outbox of its own, which is closed then. Answers its file. */
export function leaveBehind(directory: string, payloads: readonly Payload[]): string {
  const outbox = new SqliteOutbox({ directory });
  payloads.forEach((payload, index) => outbox.put(index + 1, payload));
  outbox.close();
  return join(directory, outbox.fileName);
}

/** The payload, or undefined where the outbox says that it is lost. */
export function readOrLost(outbox: SqliteOutbox, id: number): Payload | undefined {
  try {
    return outbox.read(id);
  } catch (error) {
    if (error instanceof LostPayloadError) return undefined;
    throw error;
  }
}

/** Puts payloads with the numbers from 1 until one is refused. Answers how many were taken, and what the next one met. */
export function putUntilRefused(outbox: SqliteOutbox, bytes: number): { count: number; error: unknown } {
  for (let id = 1; ; id += 1) {
    try {
      outbox.put(id, numberedPayload(id, bytes));
    } catch (error) {
      return { count: id - 1, error };
    }
  }
}

export function setAsideFiles(directory: string): string[] {
  return readdirSync(directory).filter((name) => /\.damaged-\d+$/.test(name));
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\0', 'a\0b', '\uD800', '"', "'; DROP TABLE--"),
);
const anyMillis = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));

export const anyPayload: fc.Arbitrary<Payload> = fc
  .record({
    body: fc.uint8Array({ maxLength: 10_000 }),
    contentEncoding: fc.constantFrom('gzip' as const, 'snappy' as const, undefined),
    uncompressedBytes: fc.nat(),
    recordOffsets: fc.uint32Array({ maxLength: 100 }),
    recordCount: fc.nat(),
    highestSeverity: fc.nat(24),
    oldestTimeMillis: anyMillis,
    tenant: fc.option(anyText, { nil: undefined }),
    backendId: anyText,
    destinationId: anyText,
    takenAtMillis: anyMillis,
  })
  .map((values) => ({ ...values, schemaVersion: 1 }));
