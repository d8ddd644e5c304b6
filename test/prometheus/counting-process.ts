import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const TIMEOUT_MILLIS = 20_000;

/** Runs a batch job in a process of its own: it has counted, hands on as these options say, and ends with `ending`. */
export async function runCountingProcess(options: object, ending: string): Promise<void> {
  const program = `
    import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
    import { PrometheusLogRecordExporter } from '@spillway/exporter-prometheus';
    const metric = {
      name: 'job_rows',
      type: 'counter',
      help: 'Rows that a job has copied.',
      value: 'attributes.rows',
      labels: [{ from: 'attributes.step' }],
    };
    const exporter = new PrometheusLogRecordExporter({ metrics: [metric], ...${JSON.stringify(options)} });
    const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
    provider.getLogger('job').emit({ attributes: { rows: 42, step: 'a"b' } });
    ${ending}`;
  const runOptions = { cwd: import.meta.dirname, timeout: TIMEOUT_MILLIS };
  await promisify(execFile)(
    process.execPath,
    ['--conditions=dev', '--input-type=module', '--eval', program],
    runOptions,
  );
}
