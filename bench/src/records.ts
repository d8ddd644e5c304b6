import type { LogRecord } from '@opentelemetry/api';

/** Severity numbers as OTel defines them; the mix of a busy service, without errors. */
const SEVERITIES = [
  { severityNumber: 9, severityText: 'INFO' },
  { severityNumber: 9, severityText: 'INFO' },
  { severityNumber: 9, severityText: 'INFO' },
  { severityNumber: 5, severityText: 'DEBUG' },
  { severityNumber: 13, severityText: 'WARN' },
] as const;
const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const;
const BODY_CHARACTERS = 110;

/** Attributes of one record: six, of the kinds that an HTTP service logs. */
function attributesOf(index: number): Record<string, string | number | boolean> {
  return {
    'http.request.method': METHODS[index % METHODS.length] as string,
    'url.path': `/api/v1/items/${index % 5000}`,
    'http.response.status_code': index % 17 === 0 ? 404 : 200,
    'duration.ms': (index * 7919) % 1000,
    'user.id': `user-${(index * 104_729) % 10_000}`,
    'cache.hit': index % 3 === 0,
  };
}

/** The record of an index, always the same: a body of 110 bytes, a severity and six attributes. */
export function recordOf(index: number): LogRecord {
  const body = `request ${index} handled by worker ${index % 16} in ${(index * 7919) % 1000} ms, upstream answered `;
  const severity = SEVERITIES[index % SEVERITIES.length] as (typeof SEVERITIES)[number];
  return {
    ...severity,
    body: body.padEnd(BODY_CHARACTERS, 'and all was well in the end of it '),
    attributes: attributesOf(index),
  };
}
