import { afterEach, describe, expect, it } from 'vitest';

import { poll } from '../real-programs/poll.ts';
import { type Alert, AlertmanagerServer, type PagerDutyRoute } from './alertmanager-server.ts';
import { ROUTING_KEY } from './event-client.ts';
import { answerFault, faultSequence, type Incident, LOST_ANSWER, PagerDutyStandIn } from './index.ts';
import type { PagerDutyStandInOptions } from './pager-duty-stand-in.ts';

const CJK = '界'.repeat(2000);
const EMOJI = '\u{1f525}';
const PAST = '2026-01-01T00:00:00Z';
const ANNOTATED = { description: '{{ .CommonAnnotations.description }}' };

const closings: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closings.splice(0).toReversed()) await close();
});

/** A stand-in, and an Alertmanager that pages through it. */
async function launch(
  receiver: PagerDutyRoute['receiver'] = {},
  options: PagerDutyStandInOptions = {},
): Promise<{ readonly pagerDuty: PagerDutyStandIn; readonly alertmanager: AlertmanagerServer }> {
  const pagerDuty = new PagerDutyStandIn(options);
  await pagerDuty.start();
  closings.push(() => pagerDuty.close());
  const url = `${pagerDuty.url}/v2/enqueue`;
  const alertmanager = await AlertmanagerServer.launch({
    url,
    routingKey: ROUTING_KEY,
    groupBy: ['alertname'],
    receiver,
  });
  closings.push(() => alertmanager.close());
  return { pagerDuty, alertmanager };
}

function alert(labels: Alert['labels'] = {}, annotations: Alert['annotations'] = {}): Alert {
  return { labels: { alertname: 'DiskFull', ...labels }, annotations };
}

function over(firing: Alert): Alert {
  return { ...firing, endsAt: PAST };
}

/** The only incident, once it is as asked for. */
function incident(pagerDuty: PagerDutyStandIn, isReady: (incident: Incident) => boolean): Promise<Incident> {
  return poll('An incident', async () => pagerDuty.incidents().find(isReady));
}

function isOpen(): boolean {
  return true;
}

function expectNoComplaints(pagerDuty: PagerDutyStandIn): void {
  expect(pagerDuty.refusals()).toEqual([]);
  expect(pagerDuty.calls().flatMap(({ unknownFields }) => unknownFields)).toEqual([]);
}

describe('a real Alertmanager', () => {
  it('opens an incident, adds to it, resolves it, and pages again for the next one', async () => {
    const { pagerDuty, alertmanager } = await launch();
    const [first, second] = [alert({ instance: 'a' }), alert({ instance: 'b' })];
    await alertmanager.post([first]);
    const { dedupKey } = await incident(pagerDuty, ({ summary }) => summary.startsWith('[FIRING:1] DiskFull'));
    await alertmanager.post([second]);
    await incident(pagerDuty, ({ summary }) => summary.startsWith('[FIRING:2] DiskFull'));
    await alertmanager.post([over(first), over(second)]);
    await incident(pagerDuty, ({ resolvedAtMillis }) => resolvedAtMillis !== undefined);
    expect(pagerDuty.pages()).toBe(1);
    await alertmanager.post([first]);
    await incident(pagerDuty, ({ resolvedAtMillis }) => resolvedAtMillis === undefined);
    expect(pagerDuty.incidents().map((each) => each.dedupKey)).toEqual([dedupKey, dedupKey]);
    expectNoComplaints(pagerDuty);
  });

  it('pages once for fifty alerts of a group', async () => {
    const { pagerDuty, alertmanager } = await launch();
    await alertmanager.post(Array.from({ length: 50 }, (_, index) => alert({ instance: String(index) })));
    await incident(pagerDuty, ({ summary }) => summary.startsWith('[FIRING:50]'));
    expect(pagerDuty.pages()).toBe(1);
    expectNoComplaints(pagerDuty);
  });

  it.each([
    ['quotes and backslashes', String.raw`"' \ \n {"a":1} <b>&`],
    ['control characters', 'one\ntwo\r\n\t\u0000\u001b[31m\u2028'],
    ['emoji', `${EMOJI}\u{1f468}\u200d\u{1f469}\u200d\u{1f467}`],
    ['2,000 characters of Chinese', CJK],
    ['what looks like a template', '{{ .CommonLabels }} %s ${x}'],
  ])('is accepted with labels and annotations that have %s', async (_, value) => {
    const { pagerDuty, alertmanager } = await launch();
    await alertmanager.post([alert({ value, severity: value }, { value })]);
    const { summary, logEntries } = await incident(pagerDuty, isOpen);
    expect(summary.startsWith('[FIRING:1] DiskFull (')).toBe(true);
    expect(logEntries[0]?.event.payload?.custom_details?.['firing']).toContain(`value = ${value}`);
    expectNoComplaints(pagerDuty);
  });

  it('cuts a long summary to 1,024 characters', async () => {
    const { pagerDuty, alertmanager } = await launch(ANNOTATED);
    await alertmanager.post([alert({}, { description: CJK })]);
    const { summary } = await incident(pagerDuty, isOpen);
    expect(summary).toBe(`${CJK.slice(0, 1023)}…`);
    expectNoComplaints(pagerDuty);
  });

  it('measures a summary in code points, which the stricter reading refuses', async () => {
    const lenient = await launch(ANNOTATED, { characterUnit: 'code-point' });
    const strict = await launch(ANNOTATED);
    const long = [alert({}, { description: EMOJI.repeat(2000) })];
    await Promise.all([lenient, strict].map(({ alertmanager }) => alertmanager.post(long)));
    const { summary } = await incident(lenient.pagerDuty, isOpen);
    expect(summary).toBe(`${EMOJI.repeat(1023)}…`);
    const refused = await poll('A refusal', async () => strict.pagerDuty.refusals()[0]);
    expect(refused.refusal?.body.errors).toEqual(["'payload.summary' is too long (maximum is 1024 characters)"]);
    expectNoComplaints(lenient.pagerDuty);
  });

  it('leaves out details that are larger than an event may be', async () => {
    const { pagerDuty, alertmanager } = await launch();
    await alertmanager.post([alert({}, { one: 'x'.repeat(300_000), two: 'y'.repeat(300_000) })]);
    const { logEntries } = await incident(pagerDuty, isOpen);
    expect(Object.keys(logEntries[0]?.event.payload?.custom_details ?? {})).toEqual(['error']);
    expectNoComplaints(pagerDuty);
  });

  it('is accepted with everything that an event can have', async () => {
    const { pagerDuty, alertmanager } = await launch({
      severity: 'critical',
      class: 'disk',
      component: 'postgres',
      group: 'prod',
      client: 'Us',
      client_url: 'https://example.com/',
      details: { runbook: 'see \u{1f4d6}' },
      images: [
        { src: 'https://example.com/a.png' },
        { src: 'https://example.com/b.png', href: 'https://x/', alt: 'b' },
      ],
      links: [{ href: 'https://example.com/' }, { href: 'http://example.com/', text: 'more' }],
    });
    await alertmanager.post([alert()]);
    const { severity, logEntries } = await incident(pagerDuty, isOpen);
    expect(severity).toBe('critical');
    expect(logEntries[0]?.event).toMatchObject({ payload: { component: 'postgres' }, client: 'Us' });
    expect([logEntries[0]?.event.images?.length, logEntries[0]?.event.links?.length]).toEqual([2, 2]);
    expectNoComplaints(pagerDuty);
  });

  it('sends once more after a 429, a 503 or a lost answer, which pages once', async () => {
    const { pagerDuty, alertmanager } = await launch();
    pagerDuty.setFault(faultSequence([answerFault(429), answerFault(503), LOST_ANSWER]));
    await alertmanager.post([alert()]);
    await poll('A call that is answered', async () => pagerDuty.calls().find(({ status }) => status === 202));
    expect(pagerDuty.calls().map(({ status }) => status)).toEqual([429, 503, undefined, 202]);
    expect(pagerDuty.pages()).toBe(1);
    expectNoComplaints(pagerDuty);
  });

  it('gives up an event whose severity the API does not know', async () => {
    const { pagerDuty, alertmanager } = await launch({ severity: 'page' });
    await alertmanager.post([alert()]);
    await poll('A page that is lost', async () => ((await alertmanager.givenUp()) > 0 ? true : undefined));
    expect(pagerDuty.refusals()[0]).toMatchObject({ status: 400, event: { payload: { severity: 'page' } } });
    expect(pagerDuty.pages()).toBe(0);
  });
});
