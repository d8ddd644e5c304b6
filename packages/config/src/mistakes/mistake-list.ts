import { excerpt, optionMessage } from '@spillway/core';

import type { ConfigurationMistake } from './configuration-error.ts';
import { areInLine, type NodePath, pathText } from './node-path.ts';
import type { Origin } from './origin.ts';
import { redactUrls } from './redaction.ts';

const MAX_SHOWN_CHARACTERS = 80;

/** What a value should be, and what it is. */
export interface Expectation {
  readonly rule: string;
  readonly value: unknown;
  /** Stands for a value that may not be shown. @defaultValue the value, without secrets of a URL */
  readonly shown?: string | undefined;
  /** A further sentence. */
  readonly hint?: string | undefined;
}

/** Gathers all mistakes of a configuration, each with its place. */
export class MistakeList {
  readonly #origin: Origin;
  readonly #mistakes: (ConfigurationMistake & { readonly at: NodePath })[] = [];

  constructor(origin: Origin) {
    this.#origin = origin;
  }

  get count(): number {
    return this.#mistakes.length;
  }

  /** The value at a path is not what it should be. */
  expected(path: NodePath, { rule, value, shown, hint }: Expectation): void {
    const text = shown ?? (typeof value === 'string' ? excerpt(redactUrls(value), MAX_SHOWN_CHARACTERS) : undefined);
    this.#add(path, 'value', sentences(optionMessage(this.nameOf(path), rule, value, text), hint, this.#source(path)));
  }

  /** There should be something at a path. */
  missing(path: NodePath, hint?: string): void {
    const variables = this.#origin.variablesAt(path).map(reference).join(', ');
    const empty = variables === '' ? undefined : `It is written as ${variables}, which is empty.`;
    this.#add(path, 'key', sentences(`Expected \`${this.nameOf(path)}\` to be given.`, empty, hint));
  }

  /** There should be nothing of this name. Its value is not shown: what is misspelt may be a secret. */
  unexpected(path: NodePath, why: string, hint?: string): void {
    this.#add(path, 'key', sentences(`Expected \`${this.nameOf(path)}\` to be left out: ${why}.`, hint));
  }

  /** Anything else, in the words of `message`. */
  say(path: NodePath, message: string, part: 'key' | 'value' = 'key'): void {
    this.#add(path, part, message);
  }

  nameOf(path: NodePath): string {
    return this.#origin.nameOf(path);
  }

  /** Whether there is a mistake at a path, above it or below it. */
  isKnown(path: NodePath): boolean {
    return this.#mistakes.some(({ at }) => areInLine(at, path));
  }

  /** All of them, in the order in which they were found. */
  toArray(): readonly ConfigurationMistake[] {
    return this.#mistakes.map(({ at: _at, ...mistake }) => mistake);
  }

  #source(path: NodePath): string | undefined {
    const variables = this.#origin.variablesAt(path).map(reference).join(', ');
    return variables === '' ? undefined : `It comes from ${variables}.`;
  }

  #add(at: NodePath, part: 'key' | 'value', message: string): void {
    this.#mistakes.push({ ...this.#origin.placeOf(at, part), path: pathText(at), message, at });
  }
}

function reference(variable: string): string {
  return `\`\${${variable}}\``;
}

function sentences(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}
