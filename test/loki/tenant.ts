import { Distributor } from './distributor.ts';
import { Ingester } from './ingester.ts';
import type { LokiLimits } from './limits.ts';
import { Refusal } from './refusal.ts';

/** The tenant of every request where authentication is off. */
export const SINGLE_TENANT = 'fake';

const MAX_TENANT_BYTES = 150;

/** One tenant's Loki. */
export class Tenant {
  readonly distributor: Distributor;
  readonly ingester: Ingester;

  constructor(id: string, limits: LokiLimits) {
    this.ingester = new Ingester(id, limits);
    this.distributor = new Distributor(id, limits, this.ingester);
  }
}

/**
 * The tenant of an X-Scope-OrgID header: `a`, `a|a` and `a:metadata` are all tenant `a`.
 * @throws Refusal where there is none, more than one, or no tenant may have this name
 */
export const parseTenantId = (header: string | undefined): string => {
  if (header === undefined || header === '') throw new Refusal(401, 'no org id');
  const [id = '', ...others] = header.split('|').map((part) => part.split(':', 1)[0] ?? '');
  checkTenantId(id);
  if (others.some((other) => other !== id)) throw new Refusal(400, 'multiple org IDs present');
  return id;
};

const checkTenantId = (id: string): void => {
  const unsupported = /[^a-zA-Z0-9!\-_.*'()]/.exec(id);
  if (unsupported !== null) {
    // Node hands over the bytes of a header as characters, one for each.
    const shown = Buffer.from(id, 'latin1').toString('utf8');
    throw new Refusal(400, `tenant ID '${shown}' contains unsupported character '${unsupported[0]}'`);
  }
  if (id.length > MAX_TENANT_BYTES) {
    throw new Refusal(400, `tenant ID is too long: max ${MAX_TENANT_BYTES} characters`);
  }
  if (id === '.' || id === '..') throw new Refusal(400, "tenant ID is '.' or '..'");
};
