import { describe, expect, it } from 'vitest';

import type { Format } from './parsed-family.ts';
import { parseExposition } from './strict-parser.ts';

const HISTOGRAM = [
  '# TYPE h histogram',
  'h_bucket{a="x",le="0.5"} 1',
  'h_bucket{a="x",le="+Inf"} 3',
  'h_sum{a="x"} 4.5',
  'h_count{a="x"} 3',
].join('\n');

const openMetrics = (body: string): string => `${body}\n# EOF\n`;

describe('the strict parser of the tests', () => {
  it('reads a page of each format', () => {
    const text = '# HELP c_total A "c"\\n\n# TYPE c_total counter\nc_total{a="\\"\\\\\\n",b=""} 1e+21\n';
    const [counter] = parseExposition(text, 'text');
    expect(counter).toMatchObject({ name: 'c_total', type: 'counter', help: 'A "c"\n' });
    expect(counter?.samples[0]?.labels.get('a')).toBe('"\\\n');
    const page = openMetrics(
      `# TYPE s_seconds counter\n# UNIT s_seconds seconds\ns_seconds_total 2 # {t="x"} 1 5.5\n${HISTOGRAM}`,
    );
    const families = parseExposition(page, 'openmetrics');
    expect(families.map(({ samples }) => samples.length)).toEqual([1, 4]);
    expect(families[0]?.samples[0]?.exemplar).toMatchObject({ value: 1, timestampSeconds: 5.5 });
    expect(parseExposition('# EOF\n', 'openmetrics')).toEqual([]);
  });

  it.each<[what: string, message: string, format: Format, page: string]>([
    ['a page without a newline at its end', 'no newline', 'text', '# TYPE g gauge\ng 1'],
    ['a page without # EOF', 'no # EOF', 'openmetrics', '# TYPE g gauge\ng 1\n'],
    ['lines behind # EOF', 'no # EOF', 'openmetrics', '# EOF\n# TYPE g gauge\ng 1\n'],
    ['a lone surrogate', 'not well-formed', 'text', '# TYPE g gauge\ng{a="\ud800"} 1\n'],
    ['a label twice', 'not unique', 'text', '# TYPE g gauge\ng{a_b="1",a_b="2"} 1\n'],
    ['a series twice', 'a series twice', 'text', '# TYPE g gauge\ng{a="1",b="2"} 1\ng{b="2",a="1"} 1\n'],
    ['a quote that is not escaped', 'without an end', 'text', '# TYPE g gauge\ng{a="""} 1\n'],
    ['an unknown escape', 'not a label', 'text', '# TYPE g gauge\ng{a="\\t"} 1\n'],
    ['a dotted label', 'not a label', 'text', '# TYPE g gauge\ng{a.b="1"} 1\n'],
    ['an infinity of JavaScript', 'not a number', 'text', '# TYPE g gauge\ng Infinity\n'],
    ['interleaved families', 'interleaved', 'text', '# TYPE g gauge\ng 1\n# TYPE f gauge\nf 1\n# HELP g x\n'],
    ['a sample of another family', 'is not of', 'text', '# TYPE g gauge\nf 1\n'],
    ['a type twice', 'said twice', 'text', '# TYPE g gauge\n# TYPE g gauge\ng 1\n'],
    ['an exemplar in the text format', 'has no exemplars', 'text', '# TYPE g_total counter\ng_total 1 # {a="b"} 1 1\n'],
    [
      'an exemplar on a gauge',
      'does not support exemplars',
      'openmetrics',
      openMetrics('# TYPE g gauge\ng 1 # {a="b"} 1 1'),
    ],
    [
      'an exemplar of 129 characters',
      '129 characters',
      'openmetrics',
      openMetrics(`# TYPE g counter\ng_total 1 # {a="${'x'.repeat(128)}"} 1 1`),
    ],
    ['a unit that is no suffix', 'no suffix', 'openmetrics', openMetrics('# TYPE g gauge\n# UNIT g seconds\ng 1')],
    [
      'a counter that is called total in its type',
      'is not of',
      'openmetrics',
      openMetrics('# TYPE g_total counter\ng_total 1'),
    ],
    ['a counter below 0', 'below 0', 'openmetrics', openMetrics('# TYPE g counter\ng_total -1')],
    ['a comment', 'not metadata', 'openmetrics', openMetrics('# hello')],
    ['buckets that fall', 'not cumulative', 'openmetrics', openMetrics(HISTOGRAM.replace('"0.5"} 1', '"0.5"} 4'))],
    [
      'bounds out of order',
      'out of order',
      'openmetrics',
      openMetrics(HISTOGRAM.replace('"x",le="+Inf"', '"x",le="0.25"')),
    ],
    [
      'a count that is not the last bucket',
      'not its +Inf',
      'openmetrics',
      openMetrics(HISTOGRAM.replace('h_count{a="x"} 3', 'h_count{a="x"} 4')),
    ],
    ['a fraction of a count', 'a fraction', 'openmetrics', openMetrics(HISTOGRAM.replaceAll('} 3', '} 3.5'))],
    ['a bound that is not canonical', 'not a canonical', 'openmetrics', openMetrics(HISTOGRAM.replace('0.5', '1'))],
    [
      'a histogram without its infinite bucket',
      'no +Inf',
      'openmetrics',
      openMetrics(HISTOGRAM.replace(/h_bucket.*Inf.*\n/, '')),
    ],
    ['a histogram without a sum', 'no sum', 'openmetrics', openMetrics(HISTOGRAM.replace(/h_sum.*\n/, ''))],
    ['a histogram without a count', 'without an end', 'openmetrics', openMetrics(HISTOGRAM.replace(/\nh_count.*/, ''))],
  ])('refuses %s', (_, message, format, page) => {
    expect(() => parseExposition(page, format)).toThrow(message);
  });
});
