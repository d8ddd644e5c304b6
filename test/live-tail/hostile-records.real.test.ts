import { afterEach, describe, expect, test } from 'vitest';

import { TestBrowser } from './browser.ts';
import { type OpenTail, openTail, type OpenTailOptions } from './open-tail.ts';
import { TailFixture, type TailInput } from './tail-fixture.ts';
import { TailScreen } from './tail-screen.ts';

const browser = new TestBrowser();
let tail: OpenTail;

afterEach(() => tail.close());

const ATTACKS = [
  '<img src=x onerror="document.title=1;alert(1)">',
  '</script><script>alert(1)</script>',
  '</textarea></style></title><svg onload=alert(1)>',
  `"><iframe srcdoc="<script>parent.alert(1)</script>">`,
  'javascript:alert(1)',
  '{{constructor.constructor("alert(1)")()}}',
  '\n\nevent: gap\ndata: {"from":0,"to":9,"count":10,"reason":"slow"}\n\n',
  '\u001B]8;;https://evil.example\u0007click\u001B]8;;\u0007 \u001B[31mred\u001B[0m \u009B31m \0',
  'invoice\u202Efdp.exe \u2066\u200F\u2028\uFEFF',
  '__proto__',
];

/** A record that has the text everywhere where an application can put one. */
function hostileRecord(text: string): TailInput {
  const values = { [text]: text, nested: { [text]: [text] } };
  return {
    body: text,
    severityNumber: 17,
    severityText: text,
    eventName: text,
    scope: text,
    scopeVersion: text,
    traceId: text,
    spanId: text,
    resource: values,
    attributes: {
      ...values,
      'exception.type': text,
      'exception.message': text,
      'exception.stacktrace': text,
    },
  };
}

describe.each([
  ['the exporter', openTail],
  ['a server that checks nothing', (options: OpenTailOptions) => TailFixture.open(options)],
])('what %s sends', (_server, open) => {
  test.each(ATTACKS)('is text wherever it stands, in rows, details and filters: %j', async (attack) => {
    tail = await open({ traceUrl: 'https://traces.example/{trace_id}' });
    tail.emit([hostileRecord(attack), { ...hostileRecord('x'), body: { [attack]: attack } }]);
    const screen = new TailScreen(await browser.open(tail.url));
    await screen.expectCount('shown', 2);
    const elements = await countElements(screen);
    for (const row of [screen.rows.first(), screen.rows.last()]) {
      await row.locator('.body').click();
      await screen.details.waitFor();
      expect(await screen.details.locator('img, script, iframe, svg, style, a').count()).toBe(0);
    }
    await screen.rows.first().locator('.trace').click();
    await screen.page.keyboard.press('Escape');
    await screen.page.fill('#filter-trace', '');
    await screen.page.fill('#filter-text', attack.trim());
    await screen.page.fill('#filter-text', '');
    await screen.expectCount('shown', 2);
    expect(await countElements(screen)).toEqual(elements);
    expect(await screen.page.title()).toBe('Live tail');
    expect(await screen.count('missed')).toBe(0);
  });
});

test('what cannot be seen is shown by its number, so that it cannot turn or hide the text around it', async () => {
  tail = await openTail();
  tail.emit([{ body: 'invoice\u202Efdp.exe\u0007', attributes: { 'a\u202Eb': 'c\u2066d' } }]);
  const screen = new TailScreen(await browser.open(tail.url));
  await screen.expectMessages(['invoice\\u{202E}fdp.exe\\u{7}']);
  await screen.rows.first().click();
  const text = (await screen.details.textContent()) ?? '';
  expect(text).toContain('a\\u{202E}b');
  expect(text).toContain('c\\u{2066}d');
  for (const unseen of ['\u202E', '\u2066', '\u0007']) expect(text).not.toContain(unseen);
});

test.each([
  'javascript:alert("{trace_id}")',
  'data:text/html,<script>alert(1)</script>{trace_id}',
  '"><script>alert(1)</script>',
])('the trace URL %j makes no link that runs something', async (traceUrl) => {
  await expect(openTail({ traceUrl })).rejects.toThrow('traceUrl');
  tail = await TailFixture.open({ traceUrl });
  tail.emit([{ body: 'traced', traceId: '4bf92f3577b34da6a3ce929d0e0e4736' }]);
  const screen = new TailScreen(await browser.open(tail.url));
  await screen.row('traced').locator('.body').click();
  const links = await screen.details
    .locator('a')
    .evaluateAll((found) => found.map((link) => link.getAttribute('href')));
  for (const link of links) expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//);
});

test('a body as deep and as wide as the server lets through is shown and found', async () => {
  tail = await openTail();
  let deep: NonNullable<TailInput['body']> = 'bottom';
  for (let level = 0; level < 60; level += 1) deep = { level: deep };
  const wide = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`key${index}`, index]));
  tail.emit([{ body: deep }, { body: 'wide', attributes: wide }, { body: 'long '.repeat(50_000) }]);
  const screen = new TailScreen(await browser.open(tail.url));
  await screen.expectCount('shown', 3);
  await screen.page.fill('#filter-text', 'BOTTOM');
  await screen.expectCount('shown', 1);
  await screen.rows.first().click();
  await screen.expectText(screen.details, /bottom/);
});

/** Elements of the page by their names, without rows and details, of which there are as many as are needed. */
function countElements({ page }: TailScreen): Promise<Record<string, number>> {
  return page.evaluate(() => {
    const counts: Record<string, number> = {};
    for (const { localName } of document.querySelectorAll('body *:not(#details *):not(#rows *):not(datalist *)')) {
      counts[localName] = (counts[localName] ?? 0) + 1;
    }
    return counts;
  });
}
