import type { ComponentProvider } from '@spillway/core/component-provider';

import { pagerDutyProvider } from './pagerduty-provider.ts';

export { pagerDutyProvider };

/** All components of this package, as a configuration file has them. */
export const componentProviders: readonly ComponentProvider[] = [pagerDutyProvider];
