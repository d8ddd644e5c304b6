import type { ComponentProvider } from '@spillway/core/component-provider';

import { burstDropProvider } from './burst-drop/burst-drop-provider.ts';
import { fanOutProvider } from './fan-out/fan-out-provider.ts';
import { hybridProvider } from './hybrid/hybrid-provider.ts';
import { ringBufferProvider } from './ring-buffer/ring-buffer-provider.ts';
import { samplingProvider } from './sampling/sampling-provider.ts';

export { burstDropProvider, fanOutProvider, hybridProvider, ringBufferProvider, samplingProvider };

/** All components of this package, as a configuration file has them. */
export const componentProviders: readonly ComponentProvider[] = [
  ringBufferProvider,
  burstDropProvider,
  samplingProvider,
  hybridProvider,
  fanOutProvider,
];
