/**
 * What a call of `Logger` costs over the SDK's own `emit` of the same record, in ns, with a processor that does nothing.
 *
 * "As ours" is what somebody would write by hand to get the same record. The last lines are a logger that stands alone.
 * All take turns, so that whatever else the machine does hits all of them alike. Machines differ: compare the ratios.
 */
import { LoggerProvider, type LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { Logger } from '@spillway/logger';

import { type Timed, timeInterleaved } from '../interleaved.ts';

const CALLS = 2000;
const ROUNDS = 500;

const processor: LogRecordProcessor = { onEmit: () => {}, forceFlush: async () => {}, shutdown: async () => {} };
const unwanted: LogRecordProcessor = { ...processor, enabled: () => false };

const provider = new LoggerProvider({ processors: [processor] });
const raw = provider.getLogger('orders');
const rawChild = provider.getLogger('orders.checkout.card');
const rawDisabled = new LoggerProvider({ processors: [unwanted] }).getLogger('orders');

const logger = new Logger({ name: 'orders', provider });
const bare = new Logger({ provider, defaultTopic: '' });
const child = logger.child('checkout').child('card');
const disabledByLevel = new Logger({ name: 'orders', provider, level: 'info' });
const disabledByProvider = new Logger({ name: 'orders', provider: new LoggerProvider({ processors: [unwanted] }) });
const alone = new Logger({ name: 'orders', handlers: [() => {}] });

const INFO = { severityNumber: 9, severityText: 'INFO' };

interface Case {
  readonly name: string;
  readonly call: (index: number) => void;
}

const cases: readonly Case[] = [
  { name: 'emit: body', call: () => raw.emit({ ...INFO, body: 'order taken' }) },
  { name: 'ours, without a topic: body', call: () => void bare.info('order taken') },
  {
    name: 'emit: body and topic',
    call: () => raw.emit({ ...INFO, body: 'order taken', attributes: { 'log.topic': 'orders.general' } }),
  },
  { name: 'ours: body', call: () => void logger.info('order taken') },
  {
    name: 'emit as ours: topic and context',
    call: (index) =>
      rawChild.emit({
        ...INFO,
        body: 'card charged',
        attributes: { 'log.topic': 'orders.checkout.card.charge', 'order.id': index, currency: 'EUR', is_retry: false },
      }),
  },
  {
    name: 'ours: child, topic, context',
    call: (index) => void child.info('card charged', 'charge', { 'order.id': index, currency: 'EUR', is_retry: false }),
  },
  {
    name: 'emit as ours: topic and nested context',
    call: (index) =>
      rawChild.emit({
        ...INFO,
        body: 'card charged',
        attributes: { 'log.topic': 'orders.checkout.card.charge', order: { id: index }, currency: 'EUR' },
      }),
  },
  {
    name: 'ours: child, topic, nested context',
    call: (index) => void child.info('card charged', 'charge', { order: { id: index }, currency: 'EUR' }),
  },
  {
    name: 'emit: nobody wants it',
    call: () => rawDisabled.emit({ severityNumber: 5, severityText: 'DEBUG', body: 'x' }),
  },
  {
    name: 'ours: nobody wants it, with context',
    call: (index) => void disabledByProvider.debug('x', 'topic', { index }),
  },
  { name: 'ours: below the level, with context', call: (index) => void disabledByLevel.debug('x', 'topic', { index }) },
  { name: 'ours, alone: one handler, with context', call: (index) => void alone.info('x', 'topic', { index }) },
];

const timed: readonly Timed[] = cases.map(({ call }) => ({
  run: () => {
    for (let index = 0; index < CALLS; index += 1) call(index);
  },
}));
const figures = await timeInterleaved(timed, ROUNDS);

console.log(`ns per call, median of ${ROUNDS} rounds of ${CALLS}; Node ${process.version}`);
cases.forEach(({ name }, index) => {
  const nanos = ((figures[index]?.median ?? Number.NaN) * 1e6) / CALLS;
  console.log(`${name.padEnd(42)}${nanos.toFixed(0).padStart(6)}`);
});
await alone.shutdown();
