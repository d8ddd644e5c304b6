import { LokiStandIn } from '@spillway/test/loki';

/** A Loki to send to, and to ask what it has got. */
export interface Loki {
  readonly url: string;
  /**
   * Prints the lines of a stream selector that came since they were last printed, oldest first, each with its severity and some
   * of its structured metadata.
   */
  printLines(selector: string, metadata?: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

type Value = readonly [nanos: string, line: string, apart: { readonly structuredMetadata?: Record<string, string> }];

interface QueryAnswer {
  readonly data: { readonly result: readonly { readonly values: readonly Value[] }[] };
}

/** The Loki of `LOKI_URL`, or a stand-in within this process, which answers over HTTP as Loki does. */
export async function openLoki(): Promise<Loki> {
  const standIn = new LokiStandIn();
  const url = process.env['LOKI_URL'] || (await standIn.start());
  let start = nanosNow();
  return {
    url,
    printLines: async (selector, metadata = []) => {
      const end = nanosNow();
      const lines = await query(url, { query: selector, start, end, direction: 'forward' });
      start = end;
      console.log(`\nLoki has ${lines.length} new lines of ${selector}.`);
      for (const line of lines) console.log(`  ${inWords(line, metadata)}`);
    },
    close: () => standIn.close(),
  };
}

const nanosNow = (): string => String(BigInt(Date.now()) * 1_000_000n);

async function query(url: string, parameters: Readonly<Record<string, string>>): Promise<Value[]> {
  const address = new URL('/loki/api/v1/query_range', url);
  address.search = String(new URLSearchParams(parameters));
  // Shows structured metadata apart from labels: otherwise each line with a trace ID would be a stream of its own.
  const response = await fetch(address, { headers: { 'X-Loki-Response-Encoding-Flags': 'categorize-labels' } });
  const { data } = (await response.json()) as QueryAnswer;
  return data.result.flatMap(({ values }) => values).toSorted(([one], [other]) => Number(BigInt(one) - BigInt(other)));
}

function inWords([, line, { structuredMetadata = {} }]: Value, metadata: readonly string[]): string {
  const named = metadata.filter((name) => name in structuredMetadata);
  const severity = structuredMetadata['severity_text'] ?? structuredMetadata['detected_level'] ?? '';
  return [severity.toUpperCase().padEnd(5), line, ...named.map((name) => `${name}=${structuredMetadata[name]}`)].join(
    ' ',
  );
}
