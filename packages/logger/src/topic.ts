/** Texts longer than this are data, not names: they are joined each time. */
const MAX_CACHED_CHARACTERS = 256;
/** Topics are written in the program's text; what computes them has more, and is not remembered. */
const MAX_CACHED_TOPICS = 100;

/**
 * Joins topics by dots. Empty segments vanish, whether a dot leads, trails or is doubled, so that it makes no difference
 * where a path was cut: `dsp.` and `.filter` are `dsp.filter`. What is no text counts as empty.
 */
export function joinTopic(...parts: readonly string[]): string {
  return parts
    .filter((part) => typeof part === 'string')
    .flatMap((part) => part.split('.'))
    .filter((segment) => segment !== '')
    .join('.');
}

/** The topics of records under one path, each joined once. */
export class TopicNames {
  readonly #path: string;
  readonly #withoutTopic: string;
  readonly #joined = new Map<string, string>();

  /** @param defaultTopic takes the place of a topic that is missing or empty */
  constructor(path: string, defaultTopic: string) {
    this.#path = path;
    this.#withoutTopic = joinTopic(path, defaultTopic);
  }

  /** The whole topic of a record; empty where nothing names one. */
  of(topic: string | undefined): string {
    if (topic === undefined) return this.#withoutTopic;
    return this.#joined.get(topic) ?? this.#join(topic);
  }

  #join(topic: string): string {
    const own = joinTopic(topic);
    const joined = own === '' ? this.#withoutTopic : joinTopic(this.#path, own);
    const isName = typeof topic === 'string' && topic.length <= MAX_CACHED_CHARACTERS;
    if (isName && this.#joined.size < MAX_CACHED_TOPICS) this.#joined.set(topic, joined);
    return joined;
  }
}
