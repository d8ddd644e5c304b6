import { componentProviders as liveTailProviders } from '@spillway/exporter-live-tail/component-providers';
import { componentProviders as lokiProviders } from '@spillway/exporter-loki/component-providers';
import { componentProviders as pagerDutyProviders } from '@spillway/exporter-pagerduty/component-providers';
import { componentProviders as prometheusProviders } from '@spillway/exporter-prometheus/component-providers';
import { componentProviders as processorProviders } from '@spillway/processors/component-providers';

import { testProvider } from './component-provider-conformance.ts';

/** Properties that say more about another one, and are refused without it. */
const NEED_OTHERS: Readonly<Record<string, readonly string[]>> = {
  burst_drop: ['summary_interval'],
  sampling: ['pressure_low_mark', 'pressure_high_mark', 'pressure_min_ratios'],
};

for (const provider of [
  ...processorProviders,
  ...lokiProviders,
  ...prometheusProviders,
  ...pagerDutyProviders,
  ...liveTailProviders,
]) {
  testProvider(provider, NEED_OTHERS[provider.name]);
}
