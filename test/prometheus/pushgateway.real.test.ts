import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { runCountingProcess } from './counting-process.ts';
import { poll } from '../real-programs/poll.ts';
import { PrometheusServer } from './prometheus-server.ts';
import { PushgatewayServer } from './pushgateway-server.ts';

const SHUTDOWN = 'await exporter.shutdown();';

/** A batch job that pushes. */
function runPushing(pushgateway: object, ending: string): Promise<void> {
  return runCountingProcess({ pushgateway }, ending);
}

let gateway: PushgatewayServer;
let prometheus: PrometheusServer;

beforeAll(async () => {
  gateway = await PushgatewayServer.launch();
  prometheus = await PrometheusServer.launch([{ job: 'gateway', url: `${gateway.url}/metrics`, honorLabels: true }]);
});

afterAll(async () => {
  await prometheus?.close();
  await gateway?.close();
});

describe('a Pushgateway', () => {
  it('has the last values after the process has ended, and Prometheus finds them', async () => {
    await runPushing({ url: gateway.url, job: 'nightly' }, SHUTDOWN);
    const found = await poll(
      'A pushed value',
      async () => (await prometheus.query('job_rows_total{job="nightly"}'))[0],
    );
    expect(found.metric).toMatchObject({ job: 'nightly', step: 'a"b' });
    expect(found.value[1]).toBe('42');
  });

  it('has the last values of a script that neither flushes nor shuts down', async () => {
    await runPushing({ url: gateway.url, job: 'script' }, '');
    expect(await gateway.page()).toContain('job_rows_total{instance="",job="script",step="a\\"b"} 42\n');
  });

  it.each(['a/b', '', '.', 'ä ? # %2F "\n', '+/=_-'])('takes %j as a value of the group', async (zone) => {
    const grouping = { zone, test: 'values' };
    await runPushing({ url: gateway.url, job: '/job/', grouping }, SHUTDOWN);
    const groups = await gateway.groups();
    const expected = { job: '/job/', test: 'values', zone };
    expect(groups.map((labels) => ({ zone: '', ...labels }))).toContainEqual(expected);
    expect(await gateway.page()).toContain('job_rows_total{');
  });

  it('forgets the group after a shutdown that deletes it', async () => {
    const pushed = `await exporter.forceFlush();
      const { data } = await (await fetch('${gateway.url}/api/v1/metrics')).json();
      if (!data.some(({ labels }) => labels.job === 'service')) throw new Error('nothing was pushed');`;
    const options = { url: gateway.url, job: 'service', grouping: { instance: 'a/1' }, deleteOnShutdown: true };
    await runPushing(options, `${pushed} ${SHUTDOWN}`);
    expect((await gateway.groups()).filter((labels) => labels['job'] === 'service')).toEqual([]);
  });

  it('gets what a process pushes by interval while it runs', async () => {
    const untilPushed = `while (exporter.stats().pushgateway.succeeded < 3) await new Promise((resolve) => setTimeout(resolve, 20));
      process.exit(0);`;
    await runPushing({ url: gateway.url, job: 'interval', intervalMillis: 50 }, untilPushed);
    expect((await gateway.groups()).map((labels) => labels['job'])).toContain('interval');
  });

  it('refuses what clashes with another group, which counts as failed', async () => {
    const gauge = '# TYPE clashing_total gauge\nclashing_total 1\n';
    await fetch(`${gateway.url}/metrics/job/other`, { method: 'PUT', body: gauge });
    await runPushing(
      { url: gateway.url, job: 'clean' },
      `const clashing = new PrometheusLogRecordExporter({
        metrics: [{ name: 'clashing', type: 'counter', help: 'Clashes.' }],
        pushgateway: { url: '${gateway.url}', job: 'clashing' },
      });
      await clashing.shutdown();
      const { pushes, failed } = clashing.stats().pushgateway;
      if (pushes !== 1 || failed !== 1) throw new Error('no refusal');`,
    );
    expect(await gateway.page()).not.toContain('clashing_total{instance="",job="clashing"}');
  });
});
