import { afterEach, expect, test } from 'vitest';

import { TestBrowser } from './browser.ts';
import { TailFixture, type TailFixtureOptions } from './tail-fixture.ts';
import { TailScreen } from './tail-screen.ts';

const browser = new TestBrowser();
let tail: TailFixture;

afterEach(() => tail.close());

test('a gap stands where records are missing, and they are counted', async () => {
  const screen = await open();
  tail.emit([{ body: 'before' }]);
  await screen.expectCount('received', 1);
  tail.skip(137);
  tail.emit([{ body: 'after' }]);
  await screen.expectMessages(['before', '137 records missed: this page was too slow', 'after']);
  await screen.expectCount('missed', 137);
});

test('a connection that breaks is taken up again, and each record is there once', async () => {
  const screen = await open();
  const sent: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    for (const part of ['a', 'b', 'c']) {
      const body = `${round}${part}`;
      sent.push(body);
      tail.emit([{ body }]);
      // In each round the connection breaks at another point: before, between and after what is sent.
      if (round === ['a', 'b', 'c'].indexOf(part)) tail.cut();
    }
    await screen.expectMessages(sent);
  }
  expect(await screen.count('missed')).toBe(0);
});

test('while the server is away the page says so, and afterwards it has what was logged meanwhile', async () => {
  const screen = await open();
  tail.emit([{ body: 'before' }]);
  await screen.expectMessages(['before']);
  await tail.whileAway(async () => {
    await screen.expectConnection(/, reconnecting$/);
    // In vain; afterwards the page could be faster by itself, and the button gone.
    await screen.page.locator('#reconnect').click();
    tail.emit([{ body: 'meanwhile' }]);
  });
  await screen.expectMessages(['before', 'meanwhile']);
  await screen.expectConnection('live');
});

test('who was away for too long is told how much is missing', async () => {
  const screen = await open({ capacity: 10 });
  tail.emit([{ body: 'first' }]);
  await screen.expectMessages(['first']);
  await tail.whileAway(async () => {
    await screen.expectConnection(/reconnecting/);
    tail.emit(Array.from({ length: 30 }, (_, index) => ({ body: `record ${index}` })));
  });
  await expect
    .poll(async () => (await screen.messages())[1])
    .toMatch(/^\d+ records missed: this page was away for longer/);
  await expect.poll(async () => (await screen.count('received')) + (await screen.count('missed'))).toBe(31);
});

test('a server that has started again is told from one that was away', async () => {
  const screen = await open();
  tail.emit([{ body: 'of the first' }]);
  await screen.expectMessages(['of the first']);
  tail.restart();
  tail.emit([{ body: 'of the second' }]);
  await screen.expectText(screen.row('server restarted'), /server restarted · \d\d:\d\d:\d\d/);
  await expect.poll(async () => (await screen.messages()).at(-1)).toBe('of the second');
  await screen.expectText(screen.page.locator('#restarted'), /^server restarted \d\d:\d\d:\d\d$/);
});

test('a restart with another token asks for it, and goes on with it', async () => {
  const screen = await open();
  tail.emit([{ body: 'of the first' }]);
  await screen.expectMessages(['of the first']);
  tail.restart('another-token');
  await screen.expectText(screen.page.locator('#access-reason'), /does not accept this token/);
  await screen.page.fill('#access-token', 'another-token');
  await screen.page.keyboard.press('Enter');
  tail.emit([{ body: 'of the second' }]);
  await expect.poll(async () => (await screen.messages()).at(-1)).toBe('of the second');
  expect(await screen.row('server restarted').count()).toBe(1);
});

test('without a token the page asks for one; a wrong one is refused, the right one opens', async () => {
  tail = await TailFixture.open();
  tail.emit([{ body: 'hello' }]);
  const screen = new TailScreen(await browser.open(tail.pageUrl));
  await screen.expectText(screen.page.locator('#access-reason'), /needs its token/);
  for (const wrong of ['wrong', 'not ascii: é']) {
    await screen.page.fill('#access-token', wrong);
    await screen.page.click('#access button');
    await screen.expectText(screen.page.locator('#access-reason'), /does not accept this token|This is no token/);
    await screen.page.locator('#access').waitFor();
  }
  expect(await screen.rows.count()).toBe(0);
  await screen.page.fill('#access-token', tail.token);
  await screen.page.click('#access button');
  await screen.expectMessages(['hello']);
  expect(await screen.page.isVisible('#access')).toBe(false);
});

test('the token leaves the address bar and outlives a reload', async () => {
  const screen = await open();
  expect(screen.page.url()).toBe(tail.pageUrl);
  await screen.page.reload();
  tail.emit([{ body: 'after the reload' }]);
  await screen.expectMessages(['after the reload']);
});

async function open(options: TailFixtureOptions = {}): Promise<TailScreen> {
  tail = await TailFixture.open(options);
  const screen = new TailScreen(await browser.open(tail.url));
  await screen.expectConnection('live');
  return screen;
}
