import type { ComponentProvider } from '@spillway/core/component-provider';

import { lokiProvider } from './loki-provider.ts';

export { lokiProvider };

/** All components of this package, as a configuration file has them. */
export const componentProviders: readonly ComponentProvider[] = [lokiProvider];
