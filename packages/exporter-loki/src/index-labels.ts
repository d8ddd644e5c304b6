import { wellFormed } from '@spillway/core';

import { MAX_LABEL_VALUE_BYTES, MAX_LABELS } from './loki-limits.ts';
import { shortenLabelName } from './label-name.ts';
import { truncateUtf8 } from './utf8.ts';

const SERVICE_NAME_LABEL = 'service_name';

/** What Loki calls a stream that says nothing of itself. */
const UNKNOWN_SERVICE = 'unknown_service';

/**
 * Resource attributes that are labels of the stream, most telling first: where there are more labels than Loki takes,
 * the last ones become structured metadata.
 * @see https://github.com/grafana/loki/blob/main/pkg/loghttp/push/otlplabels/config.go (read 2026-11-21)
 */
export const INDEX_ATTRIBUTES: readonly string[] = [
  'service.name',
  'service.namespace',
  'deployment.environment.name',
  'deployment.environment',
  'k8s.cluster.name',
  'k8s.namespace.name',
  'cloud.region',
  'k8s.deployment.name',
  'k8s.statefulset.name',
  'k8s.daemonset.name',
  'k8s.cronjob.name',
  'k8s.job.name',
  'k8s.container.name',
  'container.name',
  'cloud.availability_zone',
  'k8s.pod.name',
  'service.instance.id',
  'k8s.replicaset.name',
];

export type Label = readonly [name: string, value: string];

/** A stream's labels, and what did not fit among them. */
export interface FittedLabels {
  readonly labels: readonly Label[];
  readonly surplus: readonly Label[];
}

/** Keeps the first labels up to a stream's limit, less the slots that extra labels may need. `service_name` needs no slot. */
export function fitLabels(candidates: readonly Label[], reservedSlots: number): FittedLabels {
  const labels: Label[] = [];
  const surplus: Label[] = [];
  let slots = MAX_LABELS - reservedSlots;
  for (const label of candidates) {
    const needsSlot = label[0] !== SERVICE_NAME_LABEL;
    if (needsSlot && slots <= 0) {
      surplus.push(label);
      continue;
    }
    if (needsSlot) slots -= 1;
    labels.push([shortenLabelName(label[0]), labelValue(label[1])]);
  }
  return { labels, surplus };
}

/**
 * A value as a label may have it. Loki refuses a whole request for U+FFFD in a label, which it takes for broken UTF-8, and
 * which is what a lone surrogate becomes.
 * @see https://github.com/prometheus/prometheus/blob/main/promql/parser/lex.go (`lexString`; read 2026-11-21)
 */
export function labelValue(value: string): string {
  return wellFormed(truncateUtf8(value, MAX_LABEL_VALUE_BYTES)).replaceAll('\u{fffd}', '?');
}

/**
 * Labels as JSON, in one order whatever order they came in: equal labels are equal texts. A stream needs one label at
 * least; Loki would find this name itself, unless it is told not to.
 */
export function labelsJson(labels: readonly Label[]): string {
  const sorted = [...new Map(labels.length > 0 ? labels : [[SERVICE_NAME_LABEL, UNKNOWN_SERVICE]])].toSorted(
    ([left], [right]) => (left < right ? -1 : 1),
  );
  return `{${sorted.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
}
