import type { SecretInput } from '@spillway/core';

import type { IncidentRoute } from '../incidents/incident.ts';

/** What routing keys can be told apart by without showing them; undefined of one that a function fetches. */
export type RoutingKeyHashes = Readonly<Partial<Record<IncidentRoute, string>>>;

const HASH_CHARACTERS = 16;

/** The beginning of a SHA-256: a key is random, and long enough that it cannot be guessed by it. */
export function routingKeyHash(key: SecretInput | undefined): string | undefined {
  if (typeof key !== 'string') return undefined;
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(key).digest('hex').slice(0, HASH_CHARACTERS);
}

/**
 * By which route an earlier process's incident can be told of; undefined where the key is not among ours any more. One whose
 * hash is not known is taken for the same.
 * @param then route and hashes of the earlier process
 * @param now hashes of this one, of each route that it has
 */
export function routeNow(
  then: { readonly route: IncidentRoute; readonly hashes: RoutingKeyHashes },
  now: ReadonlyMap<IncidentRoute, string | undefined>,
): IncidentRoute | undefined {
  const hash = then.hashes[then.route];
  const [same] = [...now].find(([, own]) => own !== undefined && own === hash) ?? [];
  if (same !== undefined) return same;
  const isUnknown = hash === undefined || now.get(then.route) === undefined;
  return isUnknown && now.has(then.route) ? then.route : undefined;
}
