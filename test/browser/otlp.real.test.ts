import { afterEach, beforeEach, expect, test } from 'vitest';

import { OtlpReceiver } from './otlp-receiver.ts';
import { Scene } from './scene.ts';
import { TabBrowser } from './tab-browser.ts';

const scene = new Scene(new TabBrowser());
let receiver: OtlpReceiver;

beforeEach(async () => {
  receiver = await OtlpReceiver.open();
});
afterEach(() => receiver.close());

test('a hidden page hands all that is queued to an OTLP exporter, which sends it', async () => {
  const tab = await scene.open('/otlp', { pushUrls: [receiver.url] });
  await tab.emit(scene.next(2000));
  expect((await tab.stats()).processor.held).toBe(2000);
  expect(receiver.found).toEqual([]);
  await scene.cover();
  await expect.poll(() => receiver.found.length).toBe(2000);
  expect(receiver.found).toEqual(Array.from({ length: 2000 }, (_, index) => index));
  await expect.poll(async () => (await tab.stats()).processor.passed).toBe(2000);
});
