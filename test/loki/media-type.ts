import { Refusal } from './refusal.ts';

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const ESSENCE = new RegExp(`^(${TOKEN})?(.*)$`, 's');
const PARAMETER = new RegExp(`^\\s*;\\s*(${TOKEN})\\s*=\\s*(${TOKEN}|"(?:[^"\\\\\\r\\n]|\\\\.)*")`);

/** The media type of a Content-Type header. @throws Refusal with the text of Go's `mime` package */
export const parseMediaType = (header: string): string => {
  const semicolon = header.indexOf(';');
  const essence = (semicolon === -1 ? header : header.slice(0, semicolon)).trim().toLowerCase();
  checkEssence(essence);
  const seen = new Map<string, string>();
  let rest = semicolon === -1 ? '' : header.slice(semicolon);
  while (rest !== '') {
    rest = rest.trimStart();
    if (rest === '' || rest.trim() === ';') break;
    const parameter = PARAMETER.exec(rest);
    if (parameter === null) throw new Refusal(400, 'mime: invalid media parameter');
    const [, name = '', value = ''] = parameter;
    const known = seen.get(name.toLowerCase());
    if (known !== undefined && known !== value) throw new Refusal(400, 'mime: duplicate parameter name');
    seen.set(name.toLowerCase(), value);
    rest = rest.slice(parameter[0].length);
  }
  return essence;
};

const checkEssence = (essence: string): void => {
  const [, type, afterType = ''] = ESSENCE.exec(essence) ?? [];
  if (type === undefined) throw new Refusal(400, 'mime: no media type');
  if (afterType === '') return;
  if (!afterType.startsWith('/')) throw new Refusal(400, 'mime: expected slash after first token');
  const [, subtype, rest] = ESSENCE.exec(afterType.slice(1)) ?? [];
  if (subtype === undefined) throw new Refusal(400, 'mime: expected token after slash');
  if (rest !== '') throw new Refusal(400, 'mime: unexpected content after media subtype');
};
