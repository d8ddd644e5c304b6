import { findMistakes } from '@spillway/config';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

/** Which properties are wrong, whichever component they are those of. */
function mistakesOf(node: object, name: string): string[] {
  const model = { logger_provider: { processors: [node] } };
  const paths = findMistakes(model).map(({ message }) => message.replace(/` .*/s, '').split(`.${name}.`)[1] ?? message);
  return paths.toSorted();
}

const size = fc.constantFrom(-1, 0, 1, 512, 1.5, 2 ** 30, '7', null);
const millis = fc.constantFrom(-1, 0, 1, 5000, 2 ** 31 - 1, 2 ** 31, 0.5, '7', null);
const queue = fc.record(
  { schedule_delay: millis, export_timeout: millis, max_queue_size: size, max_export_batch_size: size },
  { requiredKeys: [] },
);

test('what `batch` takes, `hybrid` takes in its place, and what one refuses, the other refuses', () => {
  fc.assert(
    fc.property(queue, (properties) => {
      const node = { ...properties, exporter: { console: null } };
      expect(mistakesOf({ hybrid: node }, 'hybrid')).toEqual(mistakesOf({ batch: node }, 'batch'));
    }),
  );
});

const value = fc.constantFrom('', 'a', 'Bearer x', null);
const header = fc.record({ name: fc.constantFrom('x-a', 'X-B', ''), value }, { requiredKeys: ['name'] });
const request = fc.record(
  {
    headers: fc.array(header, { minLength: 1, maxLength: 3 }),
    headers_list: fc.constantFrom('a=b', 'a=b,c=d', 'a=b%20c', '', null),
    timeout: millis,
    compression: fc.constantFrom('gzip', 'none', 'zstd', null),
  },
  { requiredKeys: [] },
);

test('what `otlp_http` takes, `loki` takes in its place, and what one refuses, the other refuses', () => {
  fc.assert(
    fc.property(request, (properties) => {
      const node = (name: string): object => ({
        hybrid: { exporter: { [name]: { ...properties, endpoint: 'http://127.0.0.1:3100' } } },
      });
      expect(mistakesOf(node('loki'), 'loki')).toEqual(mistakesOf(node('otlp_http'), 'otlp_http'));
    }),
  );
});
