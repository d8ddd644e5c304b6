import type { ComponentProvider } from '@spillway/core/component-provider';

import { prometheusProvider } from './prometheus-provider.ts';

export { prometheusProvider };

/** All components of this package, as a configuration file has them. */
export const componentProviders: readonly ComponentProvider[] = [prometheusProvider];
