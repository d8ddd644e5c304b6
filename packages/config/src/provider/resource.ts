import { mergeResourceAttributesConfig } from '@opentelemetry/configuration';
import {
  defaultResource,
  detectResources,
  type Resource,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';

import { detectedResource, type DetectionOptions } from './detectors.ts';
import { type AttributeEntry, typedValue } from './resource-attributes.ts';

/** What the file says of the resource, in camelCase. */
export interface ResourceOptions {
  readonly attributes?: readonly AttributeEntry[];
  readonly attributesList?: string;
  readonly schemaUrl?: string;
  readonly detection?: DetectionOptions;
}

/**
 * What makes the records. From the weakest to the strongest: OpenTelemetry's defaults, what is detected,
 * `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME`, and the file.
 */
export function createResource({ attributes, attributesList, schemaUrl, detection = {} }: ResourceOptions): Resource {
  const environment = detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] });
  return defaultResource()
    .merge(detectedResource(detection))
    .merge(environment)
    .merge(
      resourceFromAttributes(readAttributes(attributes, attributesList), schemaUrl === undefined ? {} : { schemaUrl }),
    );
}

type Values = NonNullable<Parameters<typeof resourceFromAttributes>[0]>;
type LibraryEntries = Parameters<typeof mergeResourceAttributesConfig>[0];

function readAttributes(attributes: readonly AttributeEntry[] = [], list: string | undefined): Values {
  const merged = mergeResourceAttributesConfig([...attributes] as LibraryEntries, list) ?? [];
  return Object.fromEntries(
    (merged as readonly AttributeEntry[])
      .filter(({ value }) => value !== undefined && value !== null)
      .map(({ name, value, type }) => [name, typedValue(value, type)]),
  );
}
