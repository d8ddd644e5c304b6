import {
  group,
  integer,
  orNull,
  type Properties,
  type Property,
  required,
  text,
} from '@spillway/core/component-provider';

import { DEFAULT_HOST, DEFAULT_PATH, DEFAULT_PORT, MAX_PORT } from './endpoint-options.ts';

const USER: Properties = {
  username: required(text('Name of the user.')),
  password: required(text('Password of the user.', { isSecret: true })),
};

const PULL: Properties = {
  host: text('Address to listen on: `0.0.0.0` or `::` for all of the machine, which a Prometheus elsewhere needs.', {
    default: DEFAULT_HOST,
  }),
  port: integer('Port to listen on; 0 takes a free one.', { max: MAX_PORT, default: DEFAULT_PORT }),
  path: text('Path of the metrics, as clients send it: it begins with `/`, is ASCII, and has no query.', {
    pattern: '^/',
    default: DEFAULT_PATH,
  }),
  // A secret that is there but null, as of a variable that is not set, must not open what it should close.
  bearer_token: orNull(
    text(
      'Token that a scraper has to present. Everybody who reaches the address may read where there is neither it nor `basic_auth`.',
      { pattern: '^[!-~]+$', isSecret: true },
    ),
    '',
  ),
  basic_auth: orNull(group('User and password that a scraper has to present.', USER), {}),
};

/** The endpoint of the exporter's own. */
export const pullProperty: Property = orNull(
  group(
    'A server of its own for Prometheus to scrape. It is there by default where there is neither a Pushgateway nor remote write.',
    PULL,
    { option: 'endpoint' },
  ),
  {},
);
