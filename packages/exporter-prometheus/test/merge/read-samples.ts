const SAMPLE = /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:\\[\\"n]|[^\\"])*)"/y;
/** OpenTelemetry adds it to all series. */
const ADDED_LABEL = 'otel_scope_name';

/**
 * Every sample of a page in Prometheus' text format, by its name and labels. Throws at what makes Prometheus refuse the
 * page: a line that is none, a label twice, a series twice.
 */
export function readSamples(page: string): Map<string, number> {
  const samples = new Map<string, number>();
  for (const line of page.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const { name, labels = '', value } = SAMPLE.exec(line)?.groups ?? {};
    if (name === undefined) throw new Error(`not a sample: ${line}`);
    const key = `${name} ${JSON.stringify(readLabels(labels))}`;
    if (samples.has(key)) throw new Error(`twice: ${key}`);
    samples.set(key, Number(value));
  }
  return samples;
}

/** Lines of a page that say of what type a metric is. */
export function readTypes(page: string): string[] {
  return page.split('\n').filter((line) => line.startsWith('# TYPE '));
}

/** Sorted by name. An upper bound is read as a number, which libraries write in different ways. */
function readLabels(text: string): [name: string, value: string][] {
  const labels = new Map<string, string>();
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const [, name, value] = LABEL.exec(text) ?? [];
    if (name === undefined || value === undefined) throw new Error(`not labels: ${text}`);
    if (labels.has(name)) throw new Error(`label name ${name} is not unique`);
    labels.set(name, name === 'le' ? String(Number(value.replace('Inf', 'Infinity'))) : value);
    if (text[LABEL.lastIndex] === ',') LABEL.lastIndex += 1;
  }
  labels.delete(ADDED_LABEL);
  return [...labels].toSorted(([left], [right]) => (left < right ? -1 : 1));
}
