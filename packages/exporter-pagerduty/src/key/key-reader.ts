import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import type { FieldChoice, ResolvedAlertRule } from '../rules/resolved-rule.ts';
import { FingerprintReader } from './fingerprint.ts';
import { readChoice } from './read-choice.ts';

/** What makes a record part of an incident. */
export interface IncidentKey {
  /** Equal for records of one incident, different for those of any other. It is well-formed. */
  readonly text: string;
  /** Whether the record has nothing of what tells incidents of the rule apart, so that the service does. */
  readonly isFallback: boolean;
}

const SERVICE: FieldChoice = [{ field: 'resource', key: 'service.name' }];

/** Reads to which incident of a rule a record belongs. */
export class KeyReader {
  readonly #fingerprints: FingerprintReader = new FingerprintReader();

  /**
   * Never throws: what cannot be read is missing. The texts may be made of parts of the record's own and keep those in
   * memory, so whoever keeps one keeps a copy of it (`ownText`).
   */
  read(rule: ResolvedAlertRule, record: ReadableLogRecord): IncidentKey {
    const { prefix, isEmpty } = readFields(rule, record);
    const fingerprint = this.#fingerprint(rule.fingerprint, record);
    const text = prefix + keyPart(fingerprint);
    if (!isEmpty || fingerprint !== undefined) return { text, isFallback: false };
    const hasParts = rule.key.length > 0 || rule.fingerprint !== 'none';
    return { text: text + keyPart(readChoice(SERVICE, record)), isFallback: hasParts };
  }

  /** The beginning of the text, without the fingerprint: that of all incidents with the same key fields. Never throws. */
  prefix(rule: ResolvedAlertRule, record: ReadableLogRecord): string {
    return readFields(rule, record).prefix;
  }

  #fingerprint(origin: ResolvedAlertRule['fingerprint'], record: ReadableLogRecord): string | undefined {
    if (origin === 'none') return undefined;
    const text = origin === 'auto' ? undefined : readChoice(origin, record);
    return text ?? this.#fingerprints.read(record);
  }
}

function readFields(rule: ResolvedAlertRule, record: ReadableLogRecord): { prefix: string; isEmpty: boolean } {
  let prefix = rule.name;
  let isEmpty = true;
  for (const choice of rule.key) {
    const text = readChoice(choice, record);
    if (text !== undefined) isEmpty = false;
    prefix += keyPart(text);
  }
  return { prefix, isEmpty };
}

/** Its length stands before a text, so that none can pass for two, or for a missing one. */
function keyPart(text: string | undefined): string {
  return text === undefined ? '|-' : `|${text.length}:${text}`;
}
