import { checkFields, checkString, optionMessage, wellFormed } from '@spillway/core';
import { wrongUrl } from '@spillway/delivery';

import { MAX_FIELD_CHARACTERS, MAX_LINKS } from './event-limits.ts';
import { checkHttpUrl, httpUrl } from './http-url.ts';
import type { PagerDutyLink } from './pagerduty-event.ts';
import { shorten } from './shorten-text.ts';
import { withoutUndefined } from './without-undefined.ts';

/** A link of every incident, whose address is made for each. */
export interface LinkTemplate {
  /**
   * An http or https URL, in which these stand for values of the incident, percent-encoded: `{traceId}` and `{spanId}` of its
   * first record that has them, `{service}`, `{rule}`, `{dedupKey}`, and `{from}` and `{to}`, the time around it in
   * milliseconds since the epoch. A link whose value is missing is left out. Other braces are written `%7B` and `%7D`.
   */
  readonly href: string;
  /** What is shown, at most 255 characters. @defaultValue the address */
  readonly text?: string;
}

const PLACEHOLDERS = ['traceId', 'spanId', 'service', 'rule', 'dedupKey', 'from', 'to'] as const;

/** What stands in the places of a template; undefined where an incident has no such thing. */
export type LinkValues = Readonly<Record<(typeof PLACEHOLDERS)[number], string | undefined>>;

/** A template that was checked. */
export interface ResolvedLink {
  /** Texts and names of placeholders by turns. */
  readonly parts: readonly string[];
  readonly text: string | undefined;
}

/** Every placeholder has a value like this when a template is tried out. */
const TRIAL_VALUE = '1';
const TRIAL_VALUES = Object.fromEntries(PLACEHOLDERS.map((name) => [name, TRIAL_VALUE])) as LinkValues;

/** @throws TypeError or RangeError where a template is none, has an unknown placeholder or makes no http or https URL. */
export function resolveLinks(field: string, links: readonly LinkTemplate[]): ResolvedLink[] {
  if (!Array.isArray(links)) throw new TypeError(optionMessage(field, 'an array of links', links));
  if (links.length > MAX_LINKS) {
    throw new RangeError(optionMessage(field, `an array of at most ${MAX_LINKS} links`, links));
  }
  return links.map((link: LinkTemplate, index) => resolveLink(`${field}[${index}]`, link));
}

/** The links of one incident: those for which it has the values. Never throws. */
export function expandLinks(links: readonly ResolvedLink[], values: LinkValues): PagerDutyLink[] {
  const expanded: PagerDutyLink[] = [];
  for (const { parts, text } of links) {
    const href = httpUrl(expand(parts, values));
    if (href !== undefined) expanded.push(withoutUndefined<PagerDutyLink>({ href, text }));
  }
  return expanded;
}

function resolveLink(field: string, link: LinkTemplate): ResolvedLink {
  if (typeof link !== 'object' || link === null) {
    throw new TypeError(optionMessage(field, 'an object with `href`', link));
  }
  checkFields(`${field}.`, link, ['href', 'text']);
  // A capturing group puts the names between the texts.
  const parts = checkString(`${field}.href`, link.href).split(/\{([^{}]*)\}/);
  checkParts(`${field}.href`, parts);
  checkHttpUrl(`${field}.href`, expand(parts, TRIAL_VALUES));
  const text = link.text === undefined ? undefined : checkString(`${field}.text`, link.text);
  return { parts, text: text === undefined ? undefined : shorten(text, MAX_FIELD_CHARACTERS) };
}

function checkParts(field: string, parts: readonly string[]): void {
  const isKnown = (part: string, index: number): boolean =>
    index % 2 === 1 ? PLACEHOLDERS.some((name) => name === part) : !/[{}]/.test(part);
  if (parts.every((part, index) => isKnown(part, index))) return;
  const names = PLACEHOLDERS.map((name) => `{${name}}`).join(', ');
  throw wrongUrl(field, `a URL with no braces but ${names}; others are written %7B and %7D`);
}

function expand(parts: readonly string[], values: LinkValues): string | undefined {
  let href = '';
  for (const [index, part] of parts.entries()) {
    const text = index % 2 === 0 ? part : encoded(values[part as keyof LinkValues]);
    if (text === undefined) return undefined;
    href += text;
  }
  return href;
}

function encoded(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : encodeURIComponent(wellFormed(value));
}
