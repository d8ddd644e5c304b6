import { describe, expect, it } from 'vitest';

import { topFrames } from '../../src/key/stack-frames.ts';

const NODE = `Error: no user 17
    at findUser (file:///srv/releases/20260101/dist/users.js:10:5)
    at async Object.handle [as run] (/app/src/handler.ts:7:3)
    at /app/src/anonymous.js:1:1
    at Array.map (<anonymous>)
    at Layer.handle (/app/node_modules/express/lib/router/layer.js:95:5)
    at new Server (C:\\app\\server.js:1:2)
    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)`;

const JAVA = `java.lang.IllegalStateException: no user 17
\tat com.shop.Users.find(Users.java:12)
\tat java.base/java.lang.Thread.run(Thread.java:829)
Caused by: java.io.IOException: reset
\t... 3 more`;

const DOT_NET = `System.InvalidOperationException: no user 17
   at Shop.Users.Find(String id) in /src/Users.cs:line 12
   at Shop.Program.Main()`;

const PYTHON = `Traceback (most recent call last):
  File "/srv/app/main.py", line 5, in <module>
    main()
  File "/srv/app/users.py", line 17, in find
    raise KeyError(17)
  File "/usr/lib/python3/dist-packages/db.py", line 1, in query
    raise KeyError(17)
KeyError: 17`;

const GO = `goroutine 1 [running]:
runtime/debug.Stack()
\t/usr/local/go/src/runtime/debug/stack.go:24 +0x5e
main.(*Server).find(0xc000012345, {0x10, 0x20})
\t/srv/app/users.go:12 +0x1d
main.main()
\t/srv/app/main.go:7 +0x20`;

describe('the top frames', () => {
  it('are functions and files of the application, up to five', () => {
    expect(topFrames(NODE).split(' | ')).toEqual([
      'findUser users.js:10:5',
      'async Object.handle [as run] handler.ts:7:3',
      'anonymous.js:1:1',
      'new Server server.js:1:2',
    ]);
    const deep = Array.from({ length: 200 }, (_, index) => `    at f${index} (/app/a.js:1:1)`).join('\n');
    expect(topFrames(deep).split(' | ')).toHaveLength(5);
  });

  it('are those of libraries and the runtime where there are no others', () => {
    const lines = NODE.split('\n');
    const foreign = [lines[0], lines[5], lines[7]].join('\n');
    expect(topFrames(foreign)).toBe('Layer.handle layer.js:95:5 | process.processTicksAndRejections task_queues:105:5');
  });

  it.each<[language: string, stack: string, frames: string]>([
    ['Java', JAVA, 'com.shop.Users.find Users.java:12 | java.base/java.lang.Thread.run Thread.java:829'],
    ['.NET', DOT_NET, 'Shop.Users.Find Users.cs:line 12 | Shop.Program.Main'],
    ['Python, the last one first', PYTHON, 'find users.py | <module> main.py'],
    ['Go', GO, 'main.(*Server).find users.go | main.main main.go'],
  ])('are those of %s', (_, stack, frames) => {
    expect(topFrames(stack)).toBe(frames);
  });

  it('are none where there is no stack', () => {
    expect(
      ['', 'Error: no user', 'at', 'look at (this)\n.go:\n\n', 'Traceback (most recent call last):'].map(topFrames),
    ).toEqual(['', '', '', '', '']);
  });
});
