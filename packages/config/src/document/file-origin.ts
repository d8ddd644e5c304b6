import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

import { type NodePath, pathText } from '../mistakes/node-path.ts';
import type { Origin, Place } from '../mistakes/origin.ts';

const REFERENCE = /\$\{(?:env:)?([A-Za-z_]\w*)/g;

/** A configuration file as YAML, of which JSON is a part, with the place of everything in it. */
export class FileOrigin implements Origin {
  readonly file: string;
  readonly text: string;
  readonly document: Document.Parsed;
  readonly #lines = new LineCounter();

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    this.document = parseDocument(text, { version: '1.2', prettyErrors: false, lineCounter: this.#lines });
  }

  nameOf(path: NodePath): string {
    return pathText(path);
  }

  placeOf(path: NodePath, part: 'key' | 'value'): Place {
    const { key, value, isWhole } = this.#find(path);
    const offset = (part === 'value' && isWhole ? start(value) : undefined) ?? start(key) ?? start(value);
    return offset === undefined ? { file: this.file } : this.placeAt(offset);
  }

  placeAt(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.file, line, column: col };
  }

  variablesAt(path: NodePath): readonly string[] {
    const { value, isWhole } = this.#find(path);
    if (!isWhole || !isScalar(value) || typeof value.value !== 'string') return [];
    return [...value.value.matchAll(REFERENCE)].map(([, name = '']) => name);
  }

  /** The deepest node that there is on the way. */
  #find(path: NodePath): { key: unknown; value: unknown; isWhole: boolean } {
    let value: unknown = this.document.contents;
    let key: unknown;
    for (const step of path) {
      const container = isAlias(value) ? value.resolve(this.document) : value;
      const found = child(container, step);
      if (found === undefined) return { key, value, isWhole: false };
      // An item has no key of its own.
      ({ key = found.value, value } = found);
    }
    return { key, value, isWhole: true };
  }
}

function child(node: unknown, step: string | number): { key: unknown; value: unknown } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? undefined : { key: undefined, value: item };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step));
  return pair && { key: pair.key, value: pair.value };
}

function start(node: unknown): number | undefined {
  const range = (node as Node | null | undefined)?.range;
  // What is left empty has a place, but no extent.
  return range && range[1] > range[0] ? range[0] : undefined;
}
