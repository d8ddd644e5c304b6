const trap = (): never => {
  throw new Error('trap');
};

/** Throws what throws again where it is asked what it is. */
const trapThatTraps = (): never => {
  throw new Proxy(new Error('trap'), { get: trap, getPrototypeOf: trap });
};

const circular: Record<string, unknown> = { name: 'circular' };
circular['self'] = circular;

function nest(depth: number): unknown {
  let value: unknown = 'bottom';
  for (let level = 0; level < depth; level += 1) value = { value };
  return value;
}

/** Values that an application can log and that break a careless encoder. Made anew each time, since code may change them. */
export function hostileValues(): readonly unknown[] {
  return [
    undefined,
    null,
    '',
    'a\ud800b',
    'x'.repeat(1_000_000),
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -0,
    12n,
    Symbol('symbol'),
    trap,
    new Date(Number.NaN),
    new Error('error', { cause: circular }),
    new Map<unknown, unknown>([[{}, 1]]),
    new Set([circular]),
    new Uint8Array([1, 2, 255]),
    new Float64Array(3),
    new ArrayBuffer(4),
    circular,
    nest(5000),
    JSON.parse('{"__proto__":{"polluted":true},"constructor":1,"toString":2}'),
    Object.create(null),
    Object.defineProperty({}, 'getter', { get: trap, enumerable: true }),
    { toJSON: trap },
    new Proxy({}, { get: trap, ownKeys: trap, getPrototypeOf: trap }),
    Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key${index}`, index])),
  ];
}

/** What can reach `onEmit` or `export` from code that does not keep to the interface. */
export function hostileRecords(): readonly unknown[] {
  const base = { hrTime: [1, 1], hrTimeObserved: [1, 1], attributes: {}, severityNumber: 17, body: 'text' };
  return [
    undefined,
    null,
    'record',
    {},
    new Proxy({}, { get: trap }),
    { ...base, attributes: null },
    { ...base, attributes: new Proxy({}, { get: trap, ownKeys: trap }) },
    { ...base, hrTime: [Number.NaN, -1] },
    { ...base, hrTime: undefined },
    { ...base, severityNumber: 17n },
    { ...base, severityNumber: Symbol('17') },
    { ...base, resource: new Proxy({}, { get: trap }) },
    { ...base, instrumentationScope: null },
    { ...base, spanContext: 'span' },
    Object.defineProperty({ ...base }, 'body', { get: trap }),
    Object.defineProperty({ ...base }, 'attributes', { get: trapThatTraps }),
  ];
}
