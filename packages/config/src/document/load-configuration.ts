import { MODEL_ORIGIN } from '../mistakes/origin.ts';
import { environmentOrigin } from '../environment/environment-origin.ts';
import { type LoadedConfiguration, loadFile } from './load-file.ts';

/**
 * A configuration as code makes it: what a file has, after substitution. OpenTelemetry's type of the same name goes here as
 * well. What is wrong in it is told as for a file.
 */
export interface ConfigurationModel {
  readonly file_format?: unknown;
  readonly disabled?: unknown;
  readonly log_level?: unknown;
  readonly attribute_limits?: unknown;
  readonly logger_provider?: unknown;
  readonly resource?: unknown;
  /** Not about logs, like what follows: ignored. */
  readonly tracer_provider?: unknown;
  readonly meter_provider?: unknown;
  readonly propagator?: unknown;
  readonly 'instrumentation/development'?: unknown;
  readonly distribution?: unknown;
}

/** Where a configuration is: the path of its file, or the model itself. */
export type ConfigurationSource = string | ConfigurationModel;

export function loadConfiguration(source: ConfigurationSource): LoadedConfiguration {
  if (typeof source === 'string') return loadFile(source);
  return { origin: environmentOrigin(source) ?? MODEL_ORIGIN, model: source, mistakes: [], isFile: false };
}
