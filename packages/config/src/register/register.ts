import { logs } from '@opentelemetry/api';
import {
  ConsoleLogRecordExporter,
  LoggerProvider,
  type LogRecordProcessor,
  SimpleLogRecordProcessor,
} from '@opentelemetry/sdk-logs';
import { flushOnCrash } from '@spillway/delivery';

import { buildPipeline, type Pipeline } from '../build-pipeline.ts';
import { ComponentRegistry } from '../components/component-registry.ts';
import { readEnvironment } from '../environment/read-environment.ts';
import { COMPONENTS_VARIABLE, EXPORTER_VARIABLE, FILE_VARIABLE } from '../environment/variables.ts';
import { KNOWN_COMPONENTS } from '../known-components.ts';
import { loadComponents } from '../load-components.ts';
import { isSdkDisabled } from '../sdk-disabled.ts';
import { isRegistered } from './registered-globals.ts';
import { sayOnStderr, StderrDiag } from './stderr-diag.ts';

const REGISTERED =
  '@spillway/config: A logger provider is registered already. Log records go there, and the configuration has no effect.';
const FALLBACK = 'Log records go to the console instead.';

/**
 * Sets up logging for the whole process as `SPILLWAY_CONFIG_FILE` or `SPILLWAY_EXPORTER` says. Never throws: where that cannot
 * be done, it says why on the error output, and log records go to the console.
 */
export function register(): void {
  if (isSdkDisabled()) return;
  if (isRegistered('logs')) return sayOnStderr(REGISTERED);
  try {
    const diagnostics = new StderrDiag(process.env['OTEL_LOG_LEVEL']);
    diagnostics.install();
    const pipeline = configuredPipeline();
    diagnostics.setLevel(pipeline.logLevel);
    if (!pipeline.isDisabled) setProvider(new LoggerProvider(pipeline.providerOptions), pipeline.processors);
  } catch (error) {
    registerConsole(error);
  }
}

/** @throws what is wrong, in words */
function configuredPipeline(): Pipeline {
  const components = loadComponents(listOf(process.env[COMPONENTS_VARIABLE]));
  const file = process.env[FILE_VARIABLE]?.trim() ?? '';
  const source = file === '' ? readEnvironment(process.env, { components }) : file;
  if (source !== undefined) return buildPipeline(source, new ComponentRegistry(KNOWN_COMPONENTS, components), {});
  throw new Error(
    `Set \`${FILE_VARIABLE}\` to the path of a configuration file, or \`${EXPORTER_VARIABLE}\` to an exporter.`,
  );
}

function listOf(text = ''): readonly string[] {
  const items = text.split(',').map((item) => item.trim());
  return items.filter((item) => item !== '');
}

function setProvider(provider: LoggerProvider, processors: readonly LogRecordProcessor[]): void {
  logs.setGlobalLoggerProvider(provider);
  flushOnCrash({ processors });
}

function registerConsole(reason: unknown): void {
  try {
    sayOnStderr(`@spillway/config: ${reason instanceof Error ? reason.message : String(reason)}\n${FALLBACK}`);
    const processors = [new SimpleLogRecordProcessor({ exporter: new ConsoleLogRecordExporter() })];
    setProvider(new LoggerProvider({ processors }), processors);
  } catch {
    // There is nobody left to tell.
  }
}
