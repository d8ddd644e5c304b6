/** Who may ask at all, before any token is looked at. */
export interface AccessRules {
  /** Names and addresses that a request may be for, in lower case, without a port. */
  readonly hosts: ReadonlySet<string>;
  /** Origins that pages may have besides those of `hosts`, as browsers send them. */
  readonly origins: ReadonlySet<string>;
}

const HTTP = new Set(['http:', 'https:']);

/**
 * Whether a request is for one of our names, and from a page of ours where it is from a page. A browser sends what any page
 * asks of it to this machine: a name of the page's own that resolves to it is found out by the header `Host`, a page of
 * another site by `Origin`.
 */
export function isAllowed(rules: AccessRules, host: string | undefined, origin: string | undefined): boolean {
  const name = hostName(`http://${host ?? ''}`);
  return name !== undefined && rules.hosts.has(name) && (origin === undefined || isAllowedOrigin(rules, origin));
}

function isAllowedOrigin({ hosts, origins }: AccessRules, origin: string): boolean {
  if (origins.has(origin)) return true;
  const name = hostName(origin);
  return name !== undefined && hosts.has(name);
}

/** The name of an address's host, in lower case and without a port; undefined where that is all that is right about it. */
export function hostName(address: string): string | undefined {
  const url = URL.parse(address);
  if (url === null || !HTTP.has(url.protocol) || url.username + url.password !== '') return undefined;
  return url.pathname + url.search + url.hash === '/' && url.hostname !== '' ? url.hostname : undefined;
}
