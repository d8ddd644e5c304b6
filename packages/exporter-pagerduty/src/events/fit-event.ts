import { boundedValue } from './bounded-value.ts';
import { countsOnly, type EventDetails } from './event-details.ts';
import { MAX_BODY_BYTES, ROUTING_KEY_CHARACTERS } from './event-limits.ts';
import type { PagerDutyEvent } from './pagerduty-event.ts';
import { SizeBudget } from './size-budget.ts';
import { TextSizes } from './text-sizes.ts';
import { withDetails } from './with-details.ts';

const ANY_ROUTING_KEY = 'x'.repeat(ROUTING_KEY_CHARACTERS);
/** Longest texts that are tried, in UTF-16 units. Shorter ones say nothing. */
const TEXT_LIMITS = [65_536, 32_768, 16_384, 8192, 4096, 2048, 1024, 512, 256, 128, 64];
/** Of the note, with its name. */
const NOTE_BYTES = 200;

/**
 * An event whose request is at most 512,000 bytes, so that it is never refused for its size. First samples are left out, from
 * the last one to the second, then the longest texts of the details are cut, then all details but the counts are left out;
 * a `note` in the details says what. The details are plain data.
 */
export function fitEvent(event: PagerDutyEvent): PagerDutyEvent {
  const excess = bodyBytes(event) - MAX_BODY_BYTES;
  if (excess <= 0 || !('payload' in event)) return event;
  const details = event.payload.custom_details ?? {};
  for (const shorter of shorterDetails(details, excess + NOTE_BYTES)) {
    const shorterEvent = withDetails(event, shorter);
    if (bodyBytes(shorterEvent) <= MAX_BODY_BYTES) return shorterEvent;
  }
  return withDetails(event, withNote(countsOnly(details), 'all other details were left out'));
}

/** The text of a request. */
export function bodyText(event: PagerDutyEvent, routingKey: string): string {
  return JSON.stringify({ routing_key: routingKey, ...event });
}

/** Details that are probably so many bytes shorter, those that say most first. */
function* shorterDetails(details: EventDetails, excess: number): Generator<EventDetails> {
  const { kept, all, savedBytes } = keptSamples(details['samples'], excess);
  const isWhole = kept.length === all;
  const fewer = isWhole ? details : { ...details, samples: kept };
  const done = isWhole ? '' : `${all - kept.length} of ${all} samples were left out`;
  if (savedBytes >= excess) yield withNote(fewer, done);
  const sizes = new TextSizes(fewer);
  for (const limit of TEXT_LIMITS) {
    if (savedBytes + sizes.savedBytes(limit) < excess) continue;
    const cut = boundedValue(fewer, new SizeBudget(limit, Infinity)) as EventDetails;
    yield withNote(cut, `${done}${isWhole ? '' : ', '}texts were cut to ${limit} characters`);
  }
}

interface KeptSamples {
  readonly kept: readonly unknown[];
  readonly all: number;
  readonly savedBytes: number;
}

/** Samples from the first on: that one stays, whatever its size. */
function keptSamples(samples: unknown, excess: number): KeptSamples {
  if (!Array.isArray(samples)) return { kept: [], all: 0, savedBytes: 0 };
  let savedBytes = 0;
  let count = samples.length;
  for (; count > 1 && savedBytes < excess; count -= 1) {
    // With the comma before it.
    savedBytes += Buffer.byteLength(JSON.stringify(samples[count - 1])) + 1;
  }
  return { kept: samples.slice(0, count), all: samples.length, savedBytes };
}

function withNote(details: EventDetails, what: string): EventDetails {
  return { ...details, note: `An event is at most ${MAX_BODY_BYTES} bytes: ${what}.` };
}

function bodyBytes(event: PagerDutyEvent): number {
  return Buffer.byteLength(bodyText(event, ANY_ROUTING_KEY));
}
