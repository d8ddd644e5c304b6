export { EXAMPLE_TIMEOUT_MILLIS, ExampleRun } from './example-run.ts';
export { expectAsInReadme } from './readme-output.ts';
