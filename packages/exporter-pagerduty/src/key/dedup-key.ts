/** What a deduplication key is made of. */
export interface DedupKeyParts {
  /** Tells the keys of this application from those of others; a name as `checkKeyName` has it. */
  readonly prefix: string;
  /** Name of the rule. */
  readonly rule: string;
  /** Text of the incident's key. */
  readonly keyText: string;
  /** Given where replicas have incidents of their own: each resolves what it has opened. */
  readonly instanceId?: string | undefined;
}

/**
 * The key under which PagerDuty knows an incident, always the same for the same parts: `<prefix>:<rule>:<SHA-256>`, at most 194
 * characters of ASCII where PagerDuty takes 255.
 * @see https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ (`dedup_key`; read 2026-11-21)
 */
export function dedupKey({ prefix, rule, keyText, instanceId }: DedupKeyParts): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  const hash = createHash('sha256').update(keyText);
  // A key text is complete in itself, so that none goes on like this.
  if (instanceId !== undefined) hash.update(`@${instanceId}`);
  return `${prefix}:${rule}:${hash.digest('hex')}`;
}
