import type { FamilySnapshot } from '../store/family-snapshot.ts';
import { writeOpenMetrics } from './write-open-metrics.ts';
import { writeText } from './write-text.ts';

/** One of the formats that Prometheus reads. */
export interface ExpositionFormat {
  /** Value of the header `Content-Type`. */
  readonly contentType: string;
  readonly write: (families: readonly FamilySnapshot[]) => string;
}

/** Prometheus' text format, which everything reads. */
export const TEXT_FORMAT: ExpositionFormat = {
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
  write: writeText,
};

/** OpenMetrics, which Prometheus asks for: it has exemplars and units. */
export const OPEN_METRICS_FORMAT: ExpositionFormat = {
  contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  write: writeOpenMetrics,
};

const QUALITY = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/** One part of an `Accept` header. */
interface MediaRange {
  readonly type: string;
  /** Parameter `version`; undefined for any. */
  readonly version: string | undefined;
  /** 0 to 1; 0 is a refusal. */
  readonly quality: number;
}

/**
 * The format for a client: OpenMetrics where it names that, and wants text no more. Everything else gets text, also
 * whoever accepts neither: a refusal would tell less.
 * @param accept the header `Accept`; undefined where there is none
 */
export function negotiate(accept: string | undefined): ExpositionFormat {
  const ranges = (accept ?? '').split(',').map((part) => parseRange(part));
  const openMetrics = qualityOf(ranges, ['application/openmetrics-text'], '1.0.0') ?? 0;
  const text = qualityOf(ranges, ['text/plain', 'text/*', '*/*'], '0.0.4') ?? 0;
  return openMetrics > 0 && openMetrics >= text ? OPEN_METRICS_FORMAT : TEXT_FORMAT;
}

/** Quality of a format under the first of these types, the most telling one first, that the client names. */
function qualityOf(ranges: readonly MediaRange[], types: readonly string[], version: string): number | undefined {
  for (const type of types) {
    const matches = ranges.filter((range) => range.type === type && (range.version ?? version) === version);
    if (matches.length > 0) return Math.max(...matches.map(({ quality }) => quality));
  }
  return undefined;
}

function parseRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  let version: string | undefined;
  let quality = 1;
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=').map((part) => part.trim());
    if (name === 'version') version = value.replaceAll('"', '');
    if (name === 'q') quality = QUALITY.test(value) ? Number(value) : 0;
  }
  return { type, version, quality };
}
