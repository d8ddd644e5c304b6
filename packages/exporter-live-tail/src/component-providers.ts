import type { ComponentProvider } from '@spillway/core/component-provider';

import { liveTailProvider } from './live-tail-provider.ts';

export { liveTailProvider };

/** All providers of this package. */
export const componentProviders: readonly ComponentProvider[] = [liveTailProvider];
