import { checkString, optionMessage } from '@spillway/core';
import { checkEndpointUrl, wrongUrl } from '@spillway/delivery';

import { checkSharedLabelName } from '../rules/label-name.ts';

/** What names a group of metrics on a Pushgateway. */
export interface GroupOptions {
  readonly url: string;
  readonly job: string;
  readonly grouping?: Readonly<Record<string, string>>;
}

const GROUPING_RULE = 'an object of valid label names without `job` and those that Prometheus reserves';
/** Characters that need no encoding in a path, whoever reads it: proxies, `fetch` and the Pushgateway's router. */
const PLAIN_VALUE = /^[A-Za-z0-9_~.-]+$/;
/** These would be taken for steps in the path. */
const DOTS = /^\.{1,2}$/;

/**
 * Address of a group on a Pushgateway: `/metrics/job/<job>/<label>/<value>`. A value that cannot stand in a path goes as
 * `<label>@base64/<value>`.
 *
 * @param field how the options are named in messages, such as `pushgateway`
 * @param metricLabels names of labels that metrics have: those of the group would replace them, and series become one
 * @see https://github.com/prometheus/pushgateway/blob/master/README.md#url (read 2026-11-21)
 * @throws TypeError or RangeError naming the option that is wrong.
 */
export function groupUrl(
  field: string,
  { url, job, grouping = {} }: GroupOptions,
  metricLabels: ReadonlySet<string>,
): string {
  const base = baseUrl(`${field}.url`, url);
  const groupingField = `${field}.grouping`;
  if (typeof grouping !== 'object' || grouping === null) {
    throw new TypeError(optionMessage(groupingField, 'an object of names and values', grouping));
  }
  let path = pathPart('job', checkWellFormed(`${field}.job`, checkString(`${field}.job`, job)));
  for (const name of Object.keys(grouping).toSorted()) {
    // It is an option of its own.
    if (name === 'job') throw new RangeError(optionMessage(groupingField, GROUPING_RULE, name));
    checkSharedLabelName(groupingField, name, GROUPING_RULE, metricLabels);
    path += pathPart(name, checkWellFormed(`${groupingField}.${name}`, grouping[name]));
  }
  return `${base}/metrics${path}`;
}

function baseUrl(field: string, url: unknown): string {
  const parsed = checkEndpointUrl(field, url);
  if (parsed.search !== '' || parsed.hash !== '') throw wrongUrl(field, 'a URL without a query and a fragment');
  if (parsed.pathname.includes('/metrics/job')) {
    throw wrongUrl(field, 'the base address, without `/metrics/job`: `job` and `grouping` say the rest');
  }
  return parsed.href.replace(/\/+$/, '');
}

function checkWellFormed(field: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(optionMessage(field, 'a string', value));
  if (Buffer.from(value).toString() !== value) throw new RangeError(optionMessage(field, 'well-formed Unicode', value));
  return value;
}

function pathPart(name: string, value: string): string {
  if (PLAIN_VALUE.test(value) && !DOTS.test(value)) return `/${name}/${value}`;
  // A path cannot have an empty part: of nothing, the padding is sent alone.
  return `/${name}@base64/${Buffer.from(value).toString('base64url') || '='}`;
}
