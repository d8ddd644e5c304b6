import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Runs the garbage collector. */
export function collectGarbage(): void {
  setFlagsFromString('--expose_gc');
  (runInNewContext('gc') as () => void)();
}

/** Makes an object that only its weak reference and whoever gets it by `use` know. */
export function weakly(use: (object: object) => void): WeakRef<object> {
  const object = {};
  use(object);
  return new WeakRef(object);
}
