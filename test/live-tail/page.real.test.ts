import { afterEach, expect, test } from 'vitest';

import { TestBrowser } from './browser.ts';
import { exampleRecord, traceIdOf } from './example-records.ts';
import { type OpenTail, openTail, type OpenTailOptions } from './open-tail.ts';
import { TailScreen } from './tail-screen.ts';

const browser = new TestBrowser();
let tail: OpenTail;

afterEach(() => tail.close());

test('records appear with time, severity, scope, message, exception and trace', async () => {
  const screen = await open();
  tail.emit(examples(5));
  await screen.expectCount('shown', 5);
  const row = screen.row('Charging order 4 failed');
  expect(await row.locator('.severity').textContent()).toBe('ERROR');
  expect(await row.locator('.scope').textContent()).toBe('payments');
  expect(await row.locator('.exception').textContent()).toBe('TimeoutError: no answer within 2000 ms');
  expect(await row.locator('.trace').textContent()).toBe('00020002');
  expect(await row.locator('.time').textContent()).toMatch(/^\d\d:\d\d:\d\d\.\d{3}$/);
  await screen.row('{"event":"order.placed","order":2').waitFor();
  const colours = await screen.page
    .locator('.severity')
    .evaluateAll((badges) => badges.map((badge) => getComputedStyle(badge).backgroundColor));
  expect(new Set(colours).size).toBeGreaterThanOrEqual(4);
});

test('records from before are there, newest at the bottom and in sight', async () => {
  const screen = await open({}, 300);
  await screen.expectCount('shown', 300);
  await expect.poll(async () => (await screen.messages()).at(-1)).toBe('The payment provider took 1199 ms');
  expect(await screen.rows.count()).toBeLessThan(60);
});

test('filters hold together, of records that are there and of those that come', async () => {
  const screen = await open();
  tail.emit(examples(16));
  await screen.page.selectOption('#filter-severity', 'warn +');
  await screen.expectCount('shown', 6);
  await screen.page.fill('#filter-scope', 'PAY');
  await screen.expectCount('shown', 4);
  await screen.page.fill('#filter-text', 'No Answer');
  await screen.expectMessages(['Charging order 4 failed', 'Charging order 12 failed']);
  tail.emit([...examples(16), { ...exampleRecord(4), body: 'Charging again', severityNumber: 9 }]);
  await screen.expectCount('shown', 4);
  await screen.page.fill('#filter-trace', traceIdOf(3));
  await screen.expectMessages(['Charging order 12 failed', 'Charging order 12 failed']);
  await screen.page.click('button[type=reset] >> visible=true');
  await screen.expectCount('shown', 33);
});

test('a trace id in a row shows its trace only', async () => {
  const screen = await open();
  tail.emit(examples(16));
  await screen.row('Charging order 4 failed').locator('.trace').click();
  await screen.expectCount('shown', 1);
  expect(await screen.page.inputValue('#filter-trace')).toBe(traceIdOf(1));
  expect(await screen.details.isVisible()).toBe(false);
});

test('a paused list stands still and says how many wait; resumed, it has them all', async () => {
  const screen = await open();
  tail.emit(examples(3));
  await screen.expectCount('kept', 3);
  await screen.page.keyboard.press('Space');
  tail.emit(examples(1234));
  await screen.expectText(screen.page.locator('#pause'), 'Resume · 1,234 waiting');
  expect(await screen.count('kept')).toBe(3);
  await screen.page.click('#pause');
  await screen.expectCount('kept', 1237);
  await screen.page.click('#clear');
  await screen.expectCount('kept', 0);
  await expect.poll(() => screen.rows.count()).toBe(0);
  tail.emit(examples(1));
  await screen.expectCount('kept', 1);
});

test('details show all of a record, and copy it as JSON', async () => {
  const screen = await open({ traceUrl: 'https://traces.example/{trace_id}' });
  await screen.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  tail.emit(examples(5));
  await screen.row('Charging order 4 failed').click();
  const text = await screen.details.innerText();
  for (const part of ['at charge (/app/src/payments.ts:81:11)', 'payments 1.3.0', traceIdOf(1), '00f067aa0ba902b7']) {
    expect(text).toContain(part);
  }
  expect(text).toMatch(/offset\s+4/);
  expect(text).toMatch(/service\.name\s+shop/);
  expect(await screen.details.locator('a').getAttribute('href')).toBe(`https://traces.example/${traceIdOf(1)}`);
  await screen.page.click('#details-copy');
  await screen.expectText(screen.page.locator('#details-copy'), 'Copied');
  const copied: unknown = JSON.parse(await screen.page.evaluate(() => navigator.clipboard.readText()));
  expect(copied).toMatchObject({ offset: 4, scope: 'payments', attributes: { order: 4 } });
  await screen.details.getByText('payments 1.3.0').click();
  await screen.expectCount('shown', 2);
});

test('the keyboard does what is done often', async () => {
  const screen = await open();
  tail.emit(examples(5));
  await screen.expectCount('shown', 5);
  await screen.page.keyboard.press('ArrowUp');
  await screen.expectText(screen.details, 'Charging order 4 failed');
  await screen.page.keyboard.press('ArrowUp');
  await screen.expectText(screen.details, 'The payment provider took 903 ms');
  await screen.page.keyboard.press('ArrowDown');
  await screen.page.keyboard.press('ArrowDown');
  await screen.expectText(screen.details, 'Charging order 4 failed');
  const selected = screen.rows.locator('visible=true').and(screen.page.locator('[aria-selected=true]'));
  await expect.poll(() => selected.count()).toBe(1);
  await screen.page.keyboard.press('Escape');
  expect(await screen.details.isVisible()).toBe(false);
  await screen.page.keyboard.press('/');
  await screen.page.keyboard.type('took 903 ms');
  await screen.expectCount('shown', 1);
});

test('who scrolls up stays there while records come, and a button leads back to the newest', async () => {
  const screen = await open({}, 300);
  await screen.expectCount('shown', 300);
  await screen.page.hover('#list');
  await screen.page.mouse.wheel(0, -2000);
  const button = screen.page.locator('#follow');
  await button.waitFor();
  const seen = await screen.messages();
  tail.emit(examples(50));
  await screen.expectText(button, '50 new ↓');
  expect(await screen.messages()).toEqual(seen);
  await button.click();
  await expect.poll(async () => (await screen.messages()).at(-1)).toBe('SELECT * FROM orders WHERE id = $1');
  tail.emit([{ body: 'the newest of all' }]);
  await expect.poll(async () => (await screen.messages()).at(-1)).toBe('the newest of all');
  await expect.poll(() => button.isVisible()).toBe(false);
});

test('the newest row stays in sight while the window changes', async () => {
  const screen = await open({}, 300);
  await screen.expectCount('shown', 300);
  for (const [round, height] of [900, 500, 1000, 720].entries()) {
    await screen.page.setViewportSize({ width: 1280, height });
    tail.emit([{ body: `at a height of ${height}` }]);
    await screen.expectCount('shown', 301 + round);
    await expect.poll(async () => (await screen.messages()).at(-1)).toBe(`at a height of ${height}`);
  }
  await expect.poll(() => screen.page.locator('#follow').isVisible()).toBe(false);
});

test('the header has room for long texts and large numbers at any width', async () => {
  const screen = await open();
  const { page } = screen;
  const texts = {
    'connection-text': 'the server cannot be reached, reconnecting',
    'connection-wait': 'in 10 s',
    'count-rate': '12,345',
    'count-received': '12,345,678',
    'count-shown': '20,000',
    'count-kept': '20,000',
    'count-missed': '1,234,567',
    'buffer-text': '4,096 / 4,096 slow',
    pause: 'Resume · 19,999 waiting',
  };
  for (const width of [1440, 1300, 1251, 1250, 1100, 800, 641]) {
    await page.setViewportSize({ width, height: 500 });
    // In one go: the page writes its own texts a few times a second.
    const boxes = await page.evaluate((shown) => {
      for (const [id, text] of Object.entries(shown)) document.querySelector(`#${id}`)?.replaceChildren(text);
      document.querySelector('#reconnect')?.removeAttribute('hidden');
      const parts = [...document.querySelectorAll('#reconnect, #counts, .actions')];
      return parts.map((part) => part.getBoundingClientRect().toJSON() as DOMRect);
    }, texts);
    const overlapping = boxes.filter((box, index) => boxes.slice(0, index).some((other) => overlap(box, other)));
    expect([width, await screen.overflow(), overlapping]).toEqual([width, 0, []]);
  }
});

test('a row that is chosen stays where it is, also while the oldest rows leave', async () => {
  const screen = await open({}, 20_000);
  await screen.expectCount('kept', 20_000);
  await screen.page.keyboard.press('ArrowUp');
  const chosen = screen.page.locator('.row[aria-selected=true]');
  await screen.expectText(chosen, 'device.app.lifecycle');
  const before = await chosen.boundingBox();
  tail.emit(examples(5000));
  await screen.expectCount('received', 25_000);
  await screen.expectText(screen.page.locator('#follow'), '5,000 new ↓');
  expect(await chosen.boundingBox()).toEqual(before);
});

test.each([
  ['dark', 'rgb(15, 19, 24)'],
  ['light', 'rgb(255, 255, 255)'],
] as const)('follows the %s scheme of its reader', async (colorScheme, background) => {
  tail = await openTail();
  const page = await browser.open(tail.url, { colorScheme });
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(background);
});

test('fits on a phone: two lines a row, filters behind a button, nothing wider than the window', async () => {
  tail = await openTail();
  tail.emit([...examples(100), { scope: 'x'.repeat(300), body: 'y'.repeat(3000) }]);
  const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
  const screen = new TailScreen(await browser.open(tail.url, phone));
  await screen.expectCount('shown', 101);
  const row = screen.row('Charging order 92 failed');
  const [time, message] = await Promise.all([
    row.locator('.time').boundingBox(),
    row.locator('.message').boundingBox(),
  ]);
  expect(message?.y ?? 0).toBeGreaterThan((time?.y ?? 0) + 10);
  expect(await screen.page.isVisible('#filters')).toBe(false);
  expect(await screen.overflow()).toBe(0);
  await screen.page.tap('#filters-toggle');
  await screen.page.fill('#filter-text', 'order 92');
  await screen.expectCount('shown', 1);
  await screen.row('Charging order 92 failed').tap();
  await screen.details.waitFor();
  expect(await screen.overflow()).toBe(0);
});

test('the list and its parts have names and states for who cannot see them', async () => {
  const screen = await open({}, 300);
  await screen.expectCount('shown', 300);
  const { page } = screen;
  expect(await page.getByRole('listbox', { name: 'Log records' }).count()).toBe(1);
  // What is drawn comes with the next frame.
  await expect.poll(() => page.getByRole('option').last().getAttribute('aria-setsize')).toBe('300');
  for (const label of ['Severity', 'Text', 'Scope', 'Trace'])
    expect(await page.getByLabel(label).first().isVisible()).toBe(true);
  await page.keyboard.press('ArrowUp');
  const activeId = (): Promise<string | null> => page.getByRole('listbox').getAttribute('aria-activedescendant');
  await expect.poll(activeId).toMatch(/^row-\d+$/);
  expect(await page.locator(`#${await activeId()}`).getAttribute('aria-selected')).toBe('true');
  expect(await page.getByRole('button', { name: 'Close details' }).isVisible()).toBe(true);
});

function overlap(one: DOMRect, other: DOMRect): boolean {
  const isBeside = one.right <= other.left || other.right <= one.left;
  return !isBeside && one.bottom > other.top && other.bottom > one.top;
}

/** Opens a tail that has some records already, and its page. */
async function open(options: OpenTailOptions = {}, recordsBefore = 0): Promise<TailScreen> {
  tail = await openTail(options);
  tail.emit(examples(recordsBefore));
  const screen = new TailScreen(await browser.open(tail.url));
  await screen.expectConnection('live');
  return screen;
}

function examples(count: number): ReturnType<typeof exampleRecord>[] {
  return Array.from({ length: count }, (_, index) => exampleRecord(index));
}
