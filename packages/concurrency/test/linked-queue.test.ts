import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { LinkedQueue, type QueueNode } from '../src/linked-queue.ts';

test('pushes and removals from any place leave what they leave in an array', () => {
  const step = fc.oneof(fc.constant('push' as const), fc.constant('first' as const), fc.nat());
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const queue = new LinkedQueue<number>();
      const model: QueueNode<number>[] = [];
      for (const [index, action] of steps.entries()) {
        if (action === 'push') model.push(queue.push(index));
        const [node] = action === 'push' ? [] : model.splice(action === 'first' ? 0 : action % (model.length || 1), 1);
        if (node !== undefined) queue.remove(node);
        expect(queue.size).toBe(model.length);
        expect(queue.first).toBe(model[0]);
      }
      const left: number[] = [];
      for (let node = queue.first; node !== undefined; node = node.next) left.push(node.value);
      expect(left).toEqual(model.map(({ value }) => value));
    }),
  );
});
