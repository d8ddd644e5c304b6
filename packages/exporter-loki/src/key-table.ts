import { BUILTIN_FIELDS } from './builtin-fields.ts';
import { flatText } from './flat-text.ts';
import { FragmentCache } from './fragment-cache.ts';
import { labelName } from './label-name.ts';

/** Attribute names kept per resource and scope; names beyond that are data, not names. */
const MAX_KEYS = 512;
/** Pairs kept per resource and scope, over all attributes: half a megabyte at most. */
const MAX_FRAGMENTS = 4096;

/** What a name of structured metadata was last used for: two attributes of one record can come to the same name. */
interface NameUse {
  stamp: number;
}

/** What becomes of one attribute, worked out once. */
export interface KeyPlan {
  readonly key: string;
  readonly name: string;
  /** The resource or the scope has a pair of this name, which wins. */
  readonly isOverruled: boolean;
  /** The attribute is a label of the stream. */
  readonly isLabel: boolean;
  /** Field of the record that has this name and wins where the record has it; 0 for none. */
  readonly builtinField: number;
  readonly use: NameUse;
  /** Its pairs, each as `","name":"value`: it ends the value before. */
  readonly fragments: FragmentCache;
  /** The plan that was needed after this one the last time: records of one call site have the same attributes. */
  next: KeyPlan | undefined;
}

/** Plans for the attributes of records of one resource and scope. */
export class KeyTable {
  readonly #plans = new Map<string, KeyPlan>();
  readonly #uses = new Map<string, NameUse>();
  readonly #isOverruled: (name: string) => boolean;
  readonly #labelKeys: ReadonlySet<string>;
  readonly #budget = { left: MAX_FRAGMENTS };
  /** The plan that was needed first the last time. */
  first: KeyPlan | undefined;

  constructor(isOverruled: (name: string) => boolean, labelKeys: ReadonlySet<string>) {
    this.#isOverruled = isOverruled;
    this.#labelKeys = labelKeys;
  }

  /** The plan for a key; undefined where the table had to be emptied, because then clashes within the record are not seen. */
  plan(key: string): KeyPlan | undefined {
    const known = this.#plans.get(key);
    if (known !== undefined) return known;
    if (this.#plans.size >= MAX_KEYS) {
      this.#plans.clear();
      this.#uses.clear();
      this.#budget.left = MAX_FRAGMENTS;
      this.first = undefined;
      return undefined;
    }
    const plan = this.#make(key);
    this.#plans.set(key, plan);
    return plan;
  }

  #make(key: string): KeyPlan {
    const name = labelName(key);
    let use = this.#uses.get(name);
    if (use === undefined) {
      use = { stamp: -1 };
      this.#uses.set(name, use);
    }
    return {
      key,
      name,
      isOverruled: this.#isOverruled(name),
      isLabel: this.#labelKeys.has(key),
      builtinField: BUILTIN_FIELDS.get(name) ?? 0,
      use,
      fragments: new FragmentCache(flatText(`","${name}":"`), this.#budget),
      next: undefined,
    };
  }
}
