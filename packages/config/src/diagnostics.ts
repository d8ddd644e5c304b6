import { diag, type DiagLogger } from '@opentelemetry/api';

/** Diagnostics of this package: they go to the logger that is set when they come. */
export const diagnostics: DiagLogger = diag.createComponentLogger({ namespace: '@spillway/config' });
