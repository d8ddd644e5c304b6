import { checkString } from '@spillway/core';

import { MAX_FIELD_CHARACTERS } from './event-limits.ts';
import { checkHttpUrl } from './http-url.ts';
import { type LinkTemplate, type ResolvedLink, resolveLinks } from './links.ts';
import { shorten } from './shorten-text.ts';

export interface EventContextOptions {
  /** Name of the system that pages, which an incident shows; at most 255 characters. @defaultValue none */
  readonly client?: string;
  /** Where that system is found: an http or https URL. @defaultValue none */
  readonly clientUrl?: string;
  /** Links of every incident and change, at most 10. @defaultValue none */
  readonly links?: readonly LinkTemplate[];
}

/** What all events of an exporter have in common. */
export interface EventContext {
  readonly client: string | undefined;
  readonly clientUrl: string | undefined;
  readonly links: readonly ResolvedLink[];
}

/** @throws TypeError or RangeError naming the option that is wrong. */
export function resolveEventContext(options: EventContextOptions): EventContext {
  const { client, clientUrl, links = [] } = options;
  return {
    client: client === undefined ? undefined : shorten(checkString('client', client), MAX_FIELD_CHARACTERS),
    clientUrl: clientUrl === undefined ? undefined : checkHttpUrl('clientUrl', clientUrl),
    links: resolveLinks('links', links),
  };
}
