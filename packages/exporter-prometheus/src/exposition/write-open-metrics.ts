import type { Exemplar, FamilySnapshot } from '../store/family-snapshot.ts';
import { escapeQuoted } from './escape-text.ts';
import { numberText } from './number-text.ts';
import { labelPairs, sampleLines } from './sample-lines.ts';

const MILLIS_PER_SECOND = 1000;

/**
 * Metrics in OpenMetrics 1.0.0. A metric without series is left out. There are no `_created` samples, which Prometheus
 * stores as series of their own.
 *
 * @see https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md (read 2026-11-21)
 */
export function writeOpenMetrics(families: readonly FamilySnapshot[]): string {
  let text = '';
  for (const family of families) {
    if (family.series.length === 0) continue;
    const { name, type, unit, help } = family;
    text += `# TYPE ${name} ${type}\n`;
    if (unit !== undefined) text += `# UNIT ${name} ${unit}\n`;
    text += `# HELP ${name} ${escapeQuoted(help)}\n${sampleLines(family, writeExemplar)}`;
  }
  return `${text}# EOF\n`;
}

function writeExemplar({ labels, value, timestampMillis }: Exemplar): string {
  return ` # {${labelPairs(labels)}} ${numberText(value)} ${timestampMillis / MILLIS_PER_SECOND}`;
}
