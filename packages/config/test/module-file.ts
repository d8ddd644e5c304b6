import { textFile } from './text-file.ts';

/** A provider of the exporter `acme`, which writes bodies to the output, as JavaScript. */
export const ACME = `{
  type: 'LogRecordExporter',
  name: 'acme',
  createComponent: () => ({
    export(records, done) {
      for (const { body } of records) console.log('acme has ' + body);
      done({ code: 0 });
    },
    async forceFlush() {},
    async shutdown() {},
  }),
}`;

/** A module of a test. */
export function moduleFile(code: string, name = 'acme.mjs'): string {
  return textFile(code, name);
}
