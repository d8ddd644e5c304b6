import type { AddressInfo } from 'node:net';

import type { AccessToken } from '../access/access-token.ts';

/** What stands for all addresses of a machine is none that a browser can go to. */
const REACHABLE: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };

/** The address for people. The token is in its fragment, which browsers send nowhere. */
export function tailAddress({ address, family, port }: AddressInfo, basePath: string, token: AccessToken): string {
  const host = REACHABLE[address] ?? (family === 'IPv6' ? `[${address}]` : address);
  return `http://${host}:${port}${basePath}${token.fragment}`;
}
