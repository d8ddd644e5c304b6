import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CircuitBreaker } from '@spillway/retry';

function openBreaker(now = 0): CircuitBreaker {
  const breaker = new CircuitBreaker();
  for (let i = 0; i < 5; i += 1) {
    breaker.tryAcquire(now);
    breaker.onFailure(now);
  }
  return breaker;
}

describe('closed', () => {
  test('lets everything pass and opens with the fifth failure in a row', () => {
    const breaker = new CircuitBreaker();
    for (let i = 1; i <= 5; i += 1) {
      expect(breaker.state).toBe('closed');
      expect(breaker.tryAcquire(i)).toBe(true);
      breaker.onFailure(i);
    }
    expect(breaker.state).toBe('open');
    expect(breaker.nextProbeAt).toBe(1005);
  });

  test('stays closed as long as a success comes before the fifth failure', () => {
    const breaker = new CircuitBreaker();
    for (let round = 0; round < 10; round += 1) {
      for (let i = 0; i < 4; i += 1) breaker.onFailure(0);
      breaker.onSuccess(0);
    }
    expect(breaker.state).toBe('closed');
    expect(breaker.nextProbeAt).toBeUndefined();
  });

  test('an attempt that is released counts neither way', () => {
    const breaker = new CircuitBreaker({ failureThreshold: 2 });
    breaker.onFailure(0);
    breaker.release();
    expect(breaker.state).toBe('closed');
    breaker.onFailure(0);
    expect(breaker.state).toBe('open');
  });
});

describe('open', () => {
  test('lets exactly one attempt pass when the period is over', () => {
    const breaker = openBreaker();
    expect(breaker.tryAcquire(999)).toBe(false);
    expect(breaker.tryAcquire(1000)).toBe(true);
    expect(breaker.state).toBe('half-open');
    expect(breaker.nextProbeAt).toBeUndefined();
    expect(breaker.tryAcquire(1_000_000)).toBe(false);
  });

  test('doubles the period with each failed probe, up to a minute', () => {
    const breaker = openBreaker();
    const periods = [];
    for (let i = 0; i < 8; i += 1) {
      const now = breaker.nextProbeAt ?? Number.NaN;
      expect(breaker.tryAcquire(now)).toBe(true);
      breaker.onFailure(now);
      periods.push((breaker.nextProbeAt ?? Number.NaN) - now);
    }
    expect(periods).toEqual([2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  test('closes when the probe succeeds, and starts from the first period the next time', () => {
    const breaker = openBreaker();
    breaker.tryAcquire(1000);
    breaker.onFailure(1000);
    breaker.tryAcquire(3000);
    breaker.onSuccess(3000);
    expect(breaker.state).toBe('closed');
    for (let i = 0; i < 4; i += 1) breaker.onFailure(4000);
    expect(breaker.state).toBe('closed');
    breaker.onFailure(4000);
    expect(breaker.nextProbeAt).toBe(5000);
  });

  test('a released probe is due again at once', () => {
    const breaker = openBreaker();
    breaker.tryAcquire(1000);
    breaker.release();
    expect(breaker.state).toBe('open');
    expect(breaker.tryAcquire(1001)).toBe(true);
    breaker.onFailure(1001);
    expect(breaker.nextProbeAt).toBe(3001);
  });

  test('failures of attempts that were in flight when it opened change nothing', () => {
    const breaker = new CircuitBreaker();
    const { epoch } = breaker;
    for (let i = 0; i < 5; i += 1) breaker.onFailure(0, epoch);
    for (let i = 0; i < 5; i += 1) breaker.onFailure(500, epoch);
    expect(breaker.nextProbeAt).toBe(1000);
    expect(breaker.tryAcquire(1000)).toBe(true);
    breaker.onFailure(1100, epoch);
    breaker.release(epoch);
    expect(breaker.state).toBe('half-open');
    breaker.onFailure(1200, breaker.epoch);
    expect(breaker.nextProbeAt).toBe(3200);
  });

  test('a late failure from before it opened is not held against it once it is closed again', () => {
    const breaker = new CircuitBreaker({ failureThreshold: 1 });
    const { epoch } = breaker;
    breaker.onFailure(0, epoch);
    breaker.tryAcquire(1000);
    breaker.onSuccess(1000);
    breaker.onFailure(1001, epoch);
    expect(breaker.state).toBe('closed');
  });

  test('a success of an attempt that was in flight closes it', () => {
    const breaker = openBreaker();
    breaker.onSuccess(10);
    expect(breaker.state).toBe('closed');
    expect(breaker.tryAcquire(10)).toBe(true);
  });
});

/** Keeps every attempt in flight; after a change of state nothing of an older attempt counts, except for its success. */
class NaiveBreaker {
  inFlight: { isCurrent: boolean; isProbe: boolean; epoch: number }[] = [];
  failures = 0;
  period = 1000;
  openUntil: number | undefined;

  get isProbing(): boolean {
    return this.inFlight.some(({ isCurrent, isProbe }) => isCurrent && isProbe);
  }

  canStart(now: number): boolean {
    return this.openUntil === undefined || (now >= this.openUntil && !this.isProbing);
  }

  succeed(): void {
    if (this.openUntil !== undefined) this.outdate();
    this.openUntil = undefined;
    this.failures = 0;
    this.period = 1000;
  }

  fail(now: number, isProbe: boolean): void {
    this.failures += 1;
    if (isProbe) this.period = Math.min(this.period * 2, 60_000);
    if (this.failures < 2) return;
    this.openUntil = now + this.period;
    this.outdate();
  }

  outdate(): void {
    for (const attempt of this.inFlight) attempt.isCurrent = false;
  }
}

test('with any number of attempts in flight it does what a naive model does', () => {
  const act = fc.constantFrom('start', 'succeed', 'fail', 'release');
  const step = fc.record({ wait: fc.integer({ min: 0, max: 3000 }), act, pick: fc.nat() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const breaker = new CircuitBreaker({ failureThreshold: 2 });
      const model = new NaiveBreaker();
      let now = 0;
      for (const { wait, act: what, pick } of steps) {
        now += wait;
        const canStart = model.canStart(now);
        const isStarted = what === 'start' && breaker.tryAcquire(now);
        expect(isStarted).toBe(what === 'start' && canStart);
        const [attempt] = what === 'start' ? [] : model.inFlight.splice(pick % (model.inFlight.length || 1), 1);
        if (isStarted) {
          model.inFlight.push({ isCurrent: true, isProbe: model.openUntil !== undefined, epoch: breaker.epoch });
        } else if (attempt !== undefined && what === 'succeed') {
          model.succeed();
          breaker.onSuccess(now);
        } else if (attempt !== undefined && what === 'fail') {
          if (attempt.isCurrent) model.fail(now, attempt.isProbe);
          breaker.onFailure(now, attempt.epoch);
        } else if (attempt !== undefined) {
          breaker.release(attempt.epoch);
        }
        const openState = model.isProbing ? 'half-open' : 'open';
        expect(breaker.state).toBe(model.openUntil === undefined ? 'closed' : openState);
        expect(breaker.nextProbeAt).toBe(model.isProbing ? undefined : model.openUntil);
      }
    }),
    { numRuns: 500 },
  );
});

test.each([
  [{ failureThreshold: 0 }, 'failureThreshold'],
  [{ failureThreshold: 1.5 }, 'failureThreshold'],
  [{ openMillis: 0 }, 'openMillis'],
  [{ factor: 0 }, 'factor'],
  [{ maxOpenMillis: Infinity }, 'maxOpenMillis'],
])('refuses %j', (options, field) => {
  expect(() => new CircuitBreaker(options)).toThrow(`Expected \`${field}\` to be`);
});
