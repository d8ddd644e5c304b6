/**
 * What PagerDuty's Events API v2 takes. An event that is beyond is refused, and its page lost.
 * @see https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ (read 2026-11-21)
 */

/** Of a summary, as UTF-16 units: there are never more code points than these, whichever PagerDuty counts. */
export const MAX_SUMMARY_CHARACTERS = 1024;
/** The documentation names no limit of other texts; nobody reads more. */
export const MAX_FIELD_CHARACTERS = 255;
export const MAX_LINKS = 10;
export const MAX_HREF_CHARACTERS = 2048;
/** Of a whole request, with its routing key: 512 KB, of which Alertmanager and Grafana make 512,000 bytes too. */
export const MAX_BODY_BYTES = 512_000;
export const ROUTING_KEY_CHARACTERS = 32;

/** The form of `custom_details`, so that programs that read it can tell. */
export const DETAILS_SCHEMA = 'spillway/pagerduty/v1';
