import { checkInteger, checkOptions, checkString, optionMessage } from '@spillway/core';

import type { Label } from '../store/family-snapshot.ts';
import type { RequestLimits } from './write-requests.ts';

export interface RemoteWriteOptions {
  /**
   * Labels of every series, by name, such as `job` and `instance`. Values are texts that are not empty; no metric may have
   * a label of the same name. Processes that write the same series must differ in one of them, or the receiver refuses
   * what all but one of them send.
   * @defaultValue none: only the operator knows what tells processes apart
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Samples in one request, 1 to 100000. A histogram takes one for each bucket and two more. Lower it where a receiver
   * limits them.
   * @defaultValue 2000: what Prometheus itself sends at most by default, so that receivers are used to it
   */
  readonly maxSamplesPerRequest?: number;
  /**
   * Size of one request before compression, in bytes, 16384 to 16777216. Lower it where a receiver or a proxy before it
   * answers 413.
   * @defaultValue 1048576 (1 MiB): what nginx lets through by default, compressed or not
   */
  readonly maxRequestBytes?: number;
}

/** Options with every default filled in. */
export interface ResolvedRemoteWriteOptions {
  readonly labels: readonly Label[];
  readonly limits: RequestLimits;
}

const DEFAULT_MAX_SAMPLES = 2000;
const MAX_SAMPLES = 100_000;
const DEFAULT_MAX_BYTES = 1024 * 1024;
const MIN_BYTES = 16 * 1024;
const MAX_BYTES = 16 * 1024 * 1024;

/** @see https://prometheus.io/docs/specs/prw/remote_write_spec/#labels (read 2026-11-21) */
const LABEL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Names that mean something to Prometheus. */
const RESERVED = /^(?:__.*|le|quantile)$/;

/**
 * @param metricLabels names of labels that metrics have
 * @throws TypeError or RangeError naming the option that is wrong.
 */
export function resolveRemoteWriteOptions(
  options: RemoteWriteOptions,
  metricLabels: ReadonlySet<string>,
): ResolvedRemoteWriteOptions {
  checkOptions(options);
  const { labels = {}, maxSamplesPerRequest = DEFAULT_MAX_SAMPLES, maxRequestBytes = DEFAULT_MAX_BYTES } = options;
  return {
    labels: checkLabels(labels, metricLabels),
    limits: {
      maxSamples: checkInteger('maxSamplesPerRequest', maxSamplesPerRequest, { min: 1, max: MAX_SAMPLES }),
      maxBytes: checkInteger('maxRequestBytes', maxRequestBytes, { min: MIN_BYTES, max: MAX_BYTES }),
    },
  };
}

function checkLabels(labels: unknown, metricLabels: ReadonlySet<string>): readonly Label[] {
  if (typeof labels !== 'object' || labels === null) {
    throw new TypeError(optionMessage('labels', 'an object of names and values', labels));
  }
  return Object.entries(labels).map(([name, value]): Label => {
    if (!LABEL_NAME.test(name) || RESERVED.test(name)) {
      throw new RangeError(
        optionMessage('labels', 'an object of valid label names that Prometheus does not reserve', name),
      );
    }
    if (metricLabels.has(name)) {
      throw new RangeError(optionMessage('labels', 'an object of label names that no metric has', name));
    }
    return [name, checkString(`labels.${name}`, value)];
  });
}
