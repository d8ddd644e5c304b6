import { camelCase, type Properties, type Property } from './property.ts';

/** A name in backticks, with what stands under it, but not a value: `metrics[0].maxSeries`. */
const OPTION = /(?<!got )`(?<path>[A-Za-z][^`]*)`/g;
const PATH = /^(?<option>[^.[]+)(?<indices>(?:\[\d+\])*)(?<rest>\..+)?$/s;

/**
 * What the work throws about options is thrown as an error about the properties that they are made of.
 * @param field names the object that has the properties in messages; '' for those of a component itself
 */
export function inNamesOf<Result>(properties: Properties, field: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    const Kind = error instanceof TypeError ? TypeError : RangeError;
    throw new Kind(inPropertyNames(error.message, properties, field), { cause: error });
  }
}

/** A message about options as one about properties. What is no option stays as it is. */
export function inPropertyNames(message: string, properties: Properties, field = ''): string {
  return message.replaceAll(OPTION, (quoted, option: string) => {
    const path = pathInProperties(option, properties);
    if (path === undefined) return quoted;
    return `\`${field === '' ? path : `${field}.${path}`}\``;
  });
}

function pathInProperties(path: string, properties: Properties): string | undefined {
  const groups = PATH.exec(path)?.groups;
  const found = groups && findOption(groups['option'] as string, properties);
  if (found === undefined) return undefined;
  const [name, { properties: own }] = found;
  const { indices = '', rest = '' } = groups as Record<string, string | undefined>;
  const below = own === undefined || rest === '' ? undefined : pathInProperties(rest.slice(1), own);
  // Under a name without properties of its own the names are the user's.
  return name + indices + (below === undefined ? rest : `.${below}`);
}

/** Parts that check options of their own do not name the whole way to them. */
function findOption(option: string, properties: Properties): readonly [name: string, property: Property] | undefined {
  const entries = Object.entries(properties);
  const here = entries.findLast(([name, { option: own = camelCase(name) }]) => own === option);
  if (here !== undefined) return here;
  for (const [, { properties: own = {} }] of entries) {
    const below = findOption(option, own);
    if (below !== undefined) return below;
  }
  return undefined;
}
