import type { Format, ParsedFamily, ParsedSample } from './parsed-family.ts';

const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total'],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
};

/** Throws where the lines of a metric, each of which is right, do not make one together. */
export function checkFamily(family: ParsedFamily, format: Format): void {
  const { name, type = '', unit, samples } = family;
  const suffixes = SUFFIXES[type];
  if (suffixes === undefined) throw new Error(`no type of metric: ${type}`);
  if (unit !== undefined && !name.endsWith(`_${unit}`)) throw new Error(`unit ${unit} is no suffix of ${name}`);
  const isTotalOfText = type === 'counter' && format === 'text';
  const stem = isTotalOfText ? name.replace(/_total$/, '') : name;
  for (const sample of samples) {
    if (!suffixes.some((suffix) => sample.name === stem + suffix)) throw new Error(`${sample.name} is not of ${name}`);
    checkSample(sample, type);
  }
  const keys = samples.map((sample) => `${sample.name} ${labelsKey(sample)}`);
  if (new Set(keys).size < keys.length) throw new Error(`a series twice in ${name}`);
  if (type === 'histogram') checkHistogram(name, samples);
}

function checkSample({ name, value, exemplar }: ParsedSample, type: string): void {
  if (type !== 'gauge' && !(value >= 0)) throw new Error(`a count below 0 in ${name}`);
  if (/_(?:bucket|count)$/.test(name) && type === 'histogram' && !Number.isInteger(value)) {
    throw new Error(`a fraction in ${name}`);
  }
  const canHaveExemplar = type === 'counter' || (type === 'histogram' && name.endsWith('_bucket'));
  if (exemplar !== undefined && !canHaveExemplar) throw new Error(`${name} does not support exemplars`);
}

/** Buckets, sum and count of each series stand together, in this order. */
function checkHistogram(name: string, samples: readonly ParsedSample[]): void {
  let lastBound = -Infinity;
  let lastCount = 0;
  let place = '';
  const done = new Set<string>();
  for (const [index, sample] of samples.entries()) {
    const key = labelsKey(sample, 'le');
    if (done.has(key) || (place !== '' && place !== key)) throw new Error(`interleaved series of ${name}`);
    place = key;
    if (sample.name === `${name}_bucket`) {
      const bound = readBound(sample);
      if (!(bound > lastBound)) throw new Error(`bounds out of order in ${name}`);
      if (sample.value < lastCount) throw new Error(`buckets of ${name} are not cumulative`);
      lastBound = bound;
      lastCount = sample.value;
    } else if (sample.name === `${name}_sum`) {
      if (lastBound !== Infinity) throw new Error(`no +Inf bucket in ${name}`);
    } else {
      if (samples[index - 1]?.name !== `${name}_sum`) throw new Error(`no sum before the count of ${name}`);
      if (sample.value !== lastCount) throw new Error(`the count of ${name} is not its +Inf bucket`);
      done.add(key);
      lastBound = -Infinity;
      lastCount = 0;
      place = '';
    }
  }
  if (place !== '') throw new Error(`a series of ${name} without an end`);
}

/** Canonical numbers: the shortest form of Go, with `.0` where it would look like an integer. */
function readBound({ labels }: ParsedSample): number {
  const text = labels.get('le') ?? '';
  if (!/^(?:\d+\.\d+|\d(?:\.\d+)?e[+-]\d{2,}|\+Inf)$/.test(text)) throw new Error(`not a canonical bound: ${text}`);
  return text === '+Inf' ? Infinity : Number(text);
}

function labelsKey({ labels }: ParsedSample, except?: string): string {
  return JSON.stringify(
    [...labels].filter(([name]) => name !== except).toSorted(([left], [right]) => (left < right ? -1 : 1)),
  );
}
