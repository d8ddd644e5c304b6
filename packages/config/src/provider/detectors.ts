import {
  type DetectedResource,
  detectResources,
  hostDetector,
  osDetector,
  processDetector,
  type Resource,
  type ResourceDetectionConfig,
  type ResourceDetector,
  resourceAttributesEnvDetector,
  serviceInstanceIdDetector,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';

import { diagnostics } from '../diagnostics.ts';

/** What the file says of detection, in camelCase. */
export interface DetectionOptions {
  readonly attributes?: { readonly included?: readonly string[]; readonly excluded?: readonly string[] };
  readonly detectors?: readonly object[];
}

/** Detectors by their names in OpenTelemetry's data model; `os` and `env` as JavaScript had them before it. */
const DETECTORS: Readonly<Record<string, readonly ResourceDetector[]>> = {
  host: [hostDetector, osDetector],
  os: [osDetector],
  process: [processDetector],
  service: [serviceNameEnvDetector, serviceInstanceIdDetector],
  env: [resourceAttributesEnvDetector],
  container: [],
};

export const DETECTOR_NAMES: readonly string[] = Object.keys(DETECTORS);

/** What is found out about the process. An attribute that takes time, such as the host's id, comes later by itself. */
export function detectedResource({ detectors = [], attributes = {} }: DetectionOptions): Resource {
  const names = detectors.flatMap((detector) => Object.keys(detector));
  if (names.includes('container')) {
    diagnostics.warn('OpenTelemetry for JavaScript has no detector `container`: it is left out');
  }
  const { included, excluded = [] } = attributes;
  const isUsed = (name: string): boolean =>
    (included === undefined || matchesAny(name, included)) && !matchesAny(name, excluded);
  const chosen = names.flatMap((name) => DETECTORS[name] ?? []);
  return detectResources({ detectors: chosen.map((detector) => withAttributes(detector, isUsed)) });
}

function withAttributes(detector: ResourceDetector, isUsed: (name: string) => boolean): ResourceDetector {
  return {
    detect(config?: ResourceDetectionConfig): DetectedResource {
      const detected = detector.detect(config);
      const entries = Object.entries(detected.attributes ?? {}).filter(([name]) => isUsed(name));
      return { ...detected, attributes: Object.fromEntries(entries) };
    },
  };
}

function matchesAny(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const source = pattern
      .replaceAll(/[\\^$.+()[\]{}|]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    return new RegExp(`^${source}$`, 'su').test(name);
  });
}
