import { inspect } from 'node:util';
import type { Drop } from '@spillway/core';
import { expect, test } from 'vitest';
import { collectDiag } from './diag-lines.ts';
import { noBackoff, openDelivery } from './open-delivery.ts';
import { line, LineServer } from './test-backend.ts';
import { answered } from './test-clock.ts';

const SECRET = 'hunter2';

test('no secret, body or tenant reaches the diagnostics or an error, whatever goes wrong', async () => {
  const lines = collectDiag();
  const drops: Drop[] = [];
  const server = await LineServer.start((_request, index) => {
    const answers = [401, 500, 429, 413];
    if (index === 4) return (response) => response.socket?.resetAndDestroy();
    if (index === 5)
      return (response) => response.writeHead(307, { location: `http://user:${SECRET}@elsewhere/` }).end(SECRET);
    return answers[index] ?? 400;
  });
  const closed = await LineServer.start();
  const closedUrl = closed.url;
  closed.close();
  const targets = [
    server.url,
    closedUrl,
    `http://user:${SECRET}@127.0.0.1/`,
    `ht!tp://${SECRET}`,
    `http://127.0.0.1/?key=${SECRET}`,
  ];
  let calls = 0;
  const rotten = (): string => {
    calls += 1;
    return calls % 2 === 0 ? `${SECRET}\r\nx-evil: 1` : SECRET;
  };
  for (const url of targets) {
    const opened = openDelivery(url, {
      recordsPerPayload: 1,
      deliveryOptions: { backoff: noBackoff, maxAttempts: 3 },
      destinationOptions: {
        headers: { authorization: rotten, 'x-plain': SECRET },
        onDrop: (drop) => void drops.push(drop),
      },
    });
    await opened.export(
      line(`body ${SECRET}`, 9, `${SECRET}\nx-evil: 1`),
      line(`body ${SECRET}`, 17, `tenant-${SECRET}`),
      SECRET,
    );
    for (let i = 0; i < 6; i += 1) await opened.destination.forceFlush();
    await answered(opened.delivery);
    await opened.destination.shutdown({ timeoutMillis: 0 });
  }
  const evil = server.requests.filter((request) => 'x-evil' in request.headers);
  expect(evil).toEqual([]);
  expect(lines.length).toBeGreaterThan(5);
  expect(drops.length).toBeGreaterThan(5);
  expect(lines.join('\n')).not.toContain(SECRET);
  expect(inspect(drops, { depth: 9, showHidden: true })).not.toContain(SECRET);
});
