import type { ComponentProvider } from '@spillway/core/component-provider';
import { componentProviders as liveTail } from '@spillway/exporter-live-tail/component-providers';
import { componentProviders as loki } from '@spillway/exporter-loki/component-providers';
import { componentProviders as pagerDuty } from '@spillway/exporter-pagerduty/component-providers';
import { componentProviders as prometheus } from '@spillway/exporter-prometheus/component-providers';
import { componentProviders as processors } from '@spillway/processors/component-providers';

import { standardComponents } from './standard/standard-components.ts';

/** Every component that a configuration may name without more: those of this project, and those of OpenTelemetry. */
export const KNOWN_COMPONENTS: readonly ComponentProvider[] = [
  ...standardComponents,
  ...processors,
  ...loki,
  ...prometheus,
  ...pagerDuty,
  ...liveTail,
];
