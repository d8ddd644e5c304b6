import type { Backend } from './backend.ts';
import type { EncodedPayload } from './payload.ts';

/**
 * Cuts a payload of several records. A part that is no smaller would be sent, refused and cut for ever; a record that is in
 * none would be lost.
 * @throws what the backend throws, and RangeError where its parts are not what they should be
 */
export function splitInParts(payload: EncodedPayload, backend: Pick<Backend, 'split'>): readonly EncodedPayload[] {
  const whole = payload.recordOffsets.length;
  const parts = backend.split(payload);
  const counts = parts.map(({ recordOffsets }) => recordOffsets.length);
  const isComplete = counts.reduce((sum, count) => sum + count, 0) === whole;
  if (isComplete && counts.every((count) => count < whole)) return parts;
  throw new RangeError(`Expected the parts to have ${whole} records together, got ${counts.join(' + ')}.`);
}
