import { objectSchema } from '@spillway/core/component-provider';

import type { NodeContent } from './components/component-node.ts';
import type { ComponentRegistry } from './components/component-registry.ts';
import { ComponentTree } from './components/component-tree.ts';
import { isPlainObject, isTooDeep } from './components/plain-copy.ts';
import { checkFileFormat } from './document/file-format.ts';
import { OTHER_SECTIONS, SECTIONS } from './document/file-sections.ts';
import { bareComplaint, placedComplaints } from './document/library-complaints.ts';
import { type ConfigurationSource, loadConfiguration } from './document/load-configuration.ts';
import type { LoadedConfiguration } from './document/load-file.ts';
import { type ConfigurationMistake, sortMistakes } from './mistakes/configuration-error.ts';
import { MistakeList } from './mistakes/mistake-list.ts';
import { nearestName } from './mistakes/nearest-name.ts';
import { checkResource } from './provider/check-resource.ts';

/** A configuration with all that is known about it without making anything. */
export interface ReadConfiguration {
  /** The sections that are used here; empty where there are none. */
  readonly content: NodeContent;
  /** Where further mistakes belong. */
  readonly list: MistakeList;
  readonly mistakes: readonly ConfigurationMistake[];
  /** Sections about something else. */
  readonly ignored: readonly string[];
}

const SCHEMA = objectSchema(SECTIONS);
const NOTHING: NodeContent = { properties: {}, places: [], children: [] };

/** Reads a configuration, and finds everything that is wrong with it. Makes nothing. */
export function readConfiguration(source: ConfigurationSource, registry: ComponentRegistry): ReadConfiguration {
  const loaded = loadConfiguration(source);
  const list = new MistakeList(loaded.origin);
  const { model } = loaded;
  let content = NOTHING;
  if (isTooDeep(model)) list.say([], 'Expected a configuration that ends: it is nested too deep, or refers to itself.');
  else if (isPlainObject(model)) content = readSections(model, new ComponentTree(registry, list), list, loaded.isFile);
  else if (model !== undefined || loaded.mistakes.length === 0) sayWhole(loaded, list);
  addComplaints(loaded, list);
  const ignored = isPlainObject(model) ? Object.keys(model).filter((name) => OTHER_SECTIONS.includes(name)) : [];
  return { content, list, mistakes: withLoaded(loaded.mistakes, list), ignored };
}

function readSections(
  model: Readonly<Record<string, unknown>>,
  tree: ComponentTree,
  list: MistakeList,
  isFile: boolean,
): NodeContent {
  if (isFile || Object.hasOwn(model, 'file_format')) checkFileFormat(model['file_format'], list);
  checkNames(model, list);
  const known = Object.fromEntries(Object.entries(model).filter(([name]) => Object.hasOwn(SECTIONS, name)));
  const content = tree.readContent(SCHEMA, known, []);
  const { disabled, logger_provider: loggerProvider, resource } = content.properties;
  if ((loggerProvider ?? undefined) === undefined && disabled !== true)
    list.missing(['logger_provider'], 'It has the `processors`.');
  if (!list.isKnown(['resource'])) checkResource(resource, list);
  return content;
}

/** Names that are free may be anybody's. One that is nearly a name of the file is a slip. */
function checkNames(model: Readonly<Record<string, unknown>>, list: MistakeList): void {
  const names = ['file_format', ...Object.keys(SECTIONS), ...OTHER_SECTIONS];
  for (const name of Object.keys(model)) {
    if (names.includes(name)) continue;
    const nearest = nearestName(name, names);
    if (nearest !== undefined) list.unexpected([name], 'there is no such section', `Did you mean \`${nearest}\`?`);
  }
}

function sayWhole({ model, complaints }: LoadedConfiguration, list: MistakeList): void {
  if (model === undefined && complaints !== undefined) return;
  const kind = Array.isArray(model) ? 'list' : typeof model;
  const got = model === null || model === undefined ? String(model) : `a ${kind}`;
  list.say([], `Expected an object with \`logger_provider\`, got ${got}.`, 'value');
}

/** What the library has found where nothing was found here. */
function addComplaints({ complaints = [], model, mistakes }: LoadedConfiguration, list: MistakeList): void {
  for (const { path, text } of complaints.flatMap((complaint) => placedComplaints(complaint, model))) {
    if (!list.isKnown(path)) list.say(path, `\`${list.nameOf(path)}\` ${text}.`, 'value');
  }
  const [first] = complaints;
  if (first !== undefined && list.count === 0 && mistakes.length === 0) {
    list.say([], `OpenTelemetry cannot parse the file: ${bareComplaint(first)}.`);
  }
}

/** What is at or below a place that could not be read is not known. */
function withLoaded(loaded: readonly ConfigurationMistake[], list: MistakeList): readonly ConfigurationMistake[] {
  const unread = loaded.map(({ path }) => path).filter((path) => path !== '');
  const found = list.toArray().filter(({ path }) => !unread.some((above) => isAtOrBelow(path, above)));
  return sortMistakes([...loaded, ...found]);
}

function isAtOrBelow(path: string, above: string): boolean {
  return path.startsWith(above) && ['', '.', '['].includes(path.charAt(above.length));
}
