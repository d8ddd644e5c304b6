import { Refusal } from './refusal.ts';

/** Whether a stream with these labels is meant. */
export type StreamMatcher = (labels: Readonly<Record<string, string>>) => boolean;

const MATCHER =
  /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\\n]|\\.)*"|`[^`]*`)\s*(?:,(?=\s*[a-zA-Z_])|(?=\}))/y;

type ValueTest = (value: string) => boolean;

/** Parses `{a="b", c=~"d.+"}`: selectors only, no pipelines and no metrics. @throws Refusal */
export const parseSelector = (query: string): StreamMatcher => {
  const tests: (readonly [name: string, test: ValueTest])[] = [];
  const open = /^\s*\{/.exec(query);
  if (open === null) throw new Refusal(400, `parse error : syntax error: unexpected ${query === '' ? '$end' : query}`);
  MATCHER.lastIndex = open[0].length;
  let end = MATCHER.lastIndex;
  for (let match = MATCHER.exec(query); match !== null; match = MATCHER.exec(query)) {
    const [, name = '', operator = '', quoted = ''] = match;
    tests.push([name, valueTest(operator, unquote(quoted))]);
    end = MATCHER.lastIndex;
  }
  if (!/^\s*\}\s*$/.test(query.slice(end))) {
    throw new Refusal(400, `parse error at line 1, col ${end + 1}: syntax error: this stand-in knows selectors only`);
  }
  if (tests.every(([, test]) => test(''))) {
    throw new Refusal(
      400,
      'parse error : queries require at least one regexp or equality matcher that does not have an empty-compatible value. ' +
        'For instance, app=~".*" does not meet this requirement, but app=~".+" will',
    );
  }
  return (labels) => tests.every(([name, test]) => test(labels[name] ?? ''));
};

const unquote = (quoted: string): string => {
  if (quoted.startsWith('`')) return quoted.slice(1, -1);
  try {
    return String(JSON.parse(quoted));
  } catch {
    throw new Refusal(400, 'parse error : syntax error: invalid string');
  }
};

const valueTest = (operator: string, operand: string): ValueTest => {
  if (operator === '=') return (value) => value === operand;
  if (operator === '!=') return (value) => value !== operand;
  const pattern = anchored(operand);
  return operator === '=~' ? (value) => pattern.test(value) : (value) => !pattern.test(value);
};

const anchored = (pattern: string): RegExp => {
  try {
    return new RegExp(`^(?:${pattern})$`, 's');
  } catch {
    throw new Refusal(400, `parse error : error parsing regexp: \`${pattern}\``);
  }
};
