import type { ComponentProvider } from '@spillway/core/component-provider';

import { batch } from './batch.ts';
import { consoleExporter } from './console.ts';
import { otlpGrpc } from './otlp-grpc.ts';
import { otlpHttp } from './otlp-http.ts';
import { simple } from './simple.ts';

/** The components of OpenTelemetry's own data model that there are in JavaScript. */
export const standardComponents: readonly ComponentProvider[] = [batch, simple, otlpHttp, otlpGrpc, consoleExporter];
