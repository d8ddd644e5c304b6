import * as fc from 'fast-check';

function trap(): never {
  throw new Error('trap');
}

/** Throws what throws again where it is asked what it is. */
function trapThatTraps(): never {
  throw new Proxy(new Error('trap'), { get: trap, getPrototypeOf: trap });
}

function circular(): unknown {
  const value: Record<string, unknown> = {};
  value['self'] = value;
  return value;
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function deep(): unknown {
  let value: unknown = 'bottom';
  for (let level = 0; level < 5000; level += 1) value = { value };
  return value;
}

function object(length: number, value: (index: number) => unknown): unknown {
  return Object.fromEntries(Array.from({ length }, (_, index) => [`key\ud800${index}`, value(index)]));
}

/** Five attributes of 300 KB. */
export function fiveLargeAttributes(): unknown {
  return object(5, () => '\u{1f525}'.repeat(150_000));
}

/** Make values that an application can log and that break a careless encoder. */
export const hostileValues: readonly (() => unknown)[] = [
  () => 'a\ud800b',
  () => '\udc00'.repeat(2000),
  () => 'x'.repeat(300_000),
  () => '\u0000'.repeat(20_000),
  () => 12n,
  () => Number.NaN,
  () => Symbol('symbol'),
  () => trap,
  () => new Date(Number.NaN),
  () => new Error('error', { cause: circular() }),
  () => new Map<unknown, unknown>([[{}, 1n]]),
  () => new Uint8Array(600_000),
  () => JSON.parse('{"__proto__":{"polluted":true},"constructor":1,"toJSON":2}') as unknown,
  () => Object.defineProperty({}, 'getter', { get: trap, enumerable: true }),
  () => Object.defineProperty({}, 'getter', { get: trapThatTraps, enumerable: true }),
  () => ({ toJSON: trap }),
  () => new Proxy({}, { get: trap, ownKeys: trapThatTraps, getPrototypeOf: trap }),
  () => object(10_000, (index) => index),
  circular,
  revoked,
  deep,
  fiveLargeAttributes,
];

/** Texts that are long, ill-formed, or of characters that take most bytes. */
export const anyText: fc.Arbitrary<string> = fc
  .tuple(
    fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\u0000', '"', '漢', '\u{1f525}', '\ud800', '\udc00') }),
    fc.nat(3000),
  )
  .map(([text, times]) => text.repeat(text === '' ? 0 : Math.ceil(times / text.length)));

/** Makes whatever JavaScript can; not the values themselves, because fast-check looks into those. */
export const anything: fc.Arbitrary<() => unknown> = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...hostileValues) },
  { weight: 1, arbitrary: anyText.map((text) => () => text) },
  {
    weight: 2,
    arbitrary: fc
      .anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true })
      .map((value) => () => value),
  },
);
