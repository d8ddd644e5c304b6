import type { PageConfig, PageFixture, Pipelines } from './page-config.ts';
import { createPipelines } from './pipelines.ts';
import { startRecording } from './recorder.ts';
import { workerPipelines } from './worker-pipelines.ts';

const config = JSON.parse(new URLSearchParams(location.search).get('config') ?? '{}') as PageConfig;
const recording = startRecording();
if (config.noDatabase === true) {
  IDBFactory.prototype.open = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  };
}
const pipelines: Pipelines = config.place === 'worker' ? workerPipelines(config) : createPipelines(config);
const fixture: PageFixture = { ...pipelines, recording };
Object.assign(globalThis, { fixture });
