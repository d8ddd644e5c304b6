import type { TailInput } from './tail-fixture.ts';

const RESOURCE = { 'service.name': 'shop', 'service.version': '4.2.0', 'host.name': 'node-7', 'process.pid': 4711 };

/** What an application logs, one of each kind after the other. */
export function exampleRecord(index: number): TailInput {
  const shape = SHAPES[index % SHAPES.length] as (index: number) => TailInput;
  return { resource: RESOURCE, ...shape(index) };
}

/** A trace id that belongs to a number. */
export function traceIdOf(index: number): string {
  return (index + 1).toString(16).padStart(4, '0').repeat(8);
}

const SHAPES: readonly ((index: number) => TailInput)[] = [
  (index) => ({
    severityNumber: 9,
    severityText: 'INFO',
    scope: 'http',
    body: `GET /orders/${index} 200 in ${index % 90} ms`,
    traceId: traceIdOf(index >> 2),
    spanId: '00f067aa0ba902b7',
    attributes: { 'http.request.method': 'GET', 'http.response.status_code': 200, 'url.path': `/orders/${index}` },
  }),
  (index) => ({
    severityNumber: 5,
    severityText: 'DEBUG',
    scope: 'db',
    body: 'SELECT * FROM orders WHERE id = $1',
    traceId: traceIdOf(index >> 2),
    attributes: { 'db.rows': 1, 'db.duration': 1.7 },
  }),
  (index) => ({
    severityNumber: 9,
    scope: 'orders',
    body: { event: 'order.placed', order: index, items: ['book', 'pen'], total: 42.5 },
    traceId: traceIdOf(index >> 2),
    attributes: { 'user.id': `u-${index % 7}` },
  }),
  (index) => ({
    severityNumber: 13,
    severityText: 'WARN',
    scope: 'payments',
    body: `The payment provider took ${900 + index} ms`,
    traceId: traceIdOf(index >> 2),
    attributes: { attempt: 2, provider: 'acme-pay' },
  }),
  (index) => ({
    severityNumber: 17,
    severityText: 'ERROR',
    scope: 'payments',
    scopeVersion: '1.3.0',
    body: `Charging order ${index} failed`,
    traceId: traceIdOf(index >> 2),
    spanId: '00f067aa0ba902b7',
    attributes: {
      'exception.type': 'TimeoutError',
      'exception.message': 'no answer within 2000 ms',
      'exception.stacktrace':
        'TimeoutError: no answer within 2000 ms\n    at charge (/app/src/payments.ts:81:11)\n    at async place (/app/src/orders.ts:40:3)',
      order: index,
    },
  }),
  () => ({
    severityNumber: 1,
    scope: 'cache.client.connection-pool',
    body: 'evicted 3 entries',
    attributes: { pool: 'a' },
  }),
  () => ({ severityNumber: 21, severityText: 'FATAL', scope: 'main', body: 'The disk is full: the process ends' }),
  () => ({ eventName: 'device.app.lifecycle', scope: 'browser', attributes: { 'ios.state': 'active' } }),
];
