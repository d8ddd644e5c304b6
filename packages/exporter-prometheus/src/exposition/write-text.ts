import { counterSampleName } from '../rules/metric-name.ts';
import type { FamilySnapshot } from '../store/family-snapshot.ts';
import { escapeLine } from './escape-text.ts';
import { sampleLines } from './sample-lines.ts';

/**
 * Metrics in Prometheus' text format 0.0.4, which knows no exemplars and no units. A metric without series is left out.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format (read 2026-11-21)
 */
export function writeText(families: readonly FamilySnapshot[]): string {
  let text = '';
  for (const family of families) {
    if (family.series.length === 0) continue;
    const name = family.type === 'counter' ? counterSampleName(family.name) : family.name;
    text += `# HELP ${name} ${escapeLine(family.help)}\n# TYPE ${name} ${family.type}\n${sampleLines(family, () => '')}`;
  }
  return text;
}
