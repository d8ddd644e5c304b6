import {
  type ComponentProvider,
  defineComponentProvider,
  flag,
  integer,
  list,
  type Properties,
  required,
  text,
} from '@spillway/core/component-provider';
import {
  checkDeliveryOptions,
  deliveryProperties,
  requestHeaderProperties,
} from '@spillway/delivery/component-properties';

import {
  DEFAULT_MAX_STREAMS,
  DEFAULT_REQUEST_BYTES,
  type LokiLogRecordExporterOptions,
  MAX_REQUEST_BYTES,
  MIN_REQUEST_BYTES,
  resolveLokiOptions,
} from './loki-exporter-options.ts';
import { LokiLogRecordExporter } from './loki-log-record-exporter.ts';

const labels = list(
  'Attributes, of records or of the resource, that become index labels beside the usual ones. Each combination of values is a stream: name only what has a handful of values.',
  text('Name of an attribute.'),
  { default: [] },
);

export const lokiProperties: Properties = {
  endpoint: required(
    text("Loki's address: the base, such as `http://loki:3100`, or the full push address. Without user and password.", {
      option: 'url',
    }),
  ),
  tenant_id: text('Tenant (`X-Scope-OrgID`) of all records.', { pattern: "^[A-Za-z0-9!\\-_.*'()]{1,150}$" }),
  ...requestHeaderProperties,
  labels: { ...labels, schema: { ...labels.schema, maxItems: 15 } },
  max_streams: integer(
    'Distinct streams per hour that `labels` may make. Beyond that they become structured metadata, and one warning is logged.',
    { min: 1, default: DEFAULT_MAX_STREAMS },
  ),
  max_request_bytes: integer('Size of one request before compression, in bytes. 1 MiB by default.', {
    min: MIN_REQUEST_BYTES,
    max: MAX_REQUEST_BYTES,
    default: DEFAULT_REQUEST_BYTES,
  }),
  schema_version: flag('Adds the metadata `schema: spillway/loki/v1` to each line, to tell mappings apart later.', {
    default: false,
  }),
  ...deliveryProperties,
};

export const lokiProvider: ComponentProvider<'LogRecordExporter'> = defineComponentProvider({
  type: 'LogRecordExporter',
  name: 'loki',
  description: 'Sends records to Grafana Loki, and accounts for each.',
  properties: lokiProperties,
  create: (options: LokiLogRecordExporterOptions) => new LokiLogRecordExporter(options),
  check: (options) => {
    resolveLokiOptions(options);
    checkDeliveryOptions(options);
  },
});
