import type { RecordCriteria } from '../../src/live-tail-client.ts';
import { byId, element } from './elements.ts';
import { isFiltering } from './row-filter.ts';

/** Long enough to type a word, short enough to feel immediate. */
const DEBOUNCE_MILLIS = 150;
/** Names that are offered while a scope is typed. */
const MAX_OFFERED_SCOPES = 100;

/** The filters: all of them must hold. */
export class FilterBar {
  readonly #form = byId('filters', HTMLFormElement);
  readonly #toggle = byId('filters-toggle', HTMLButtonElement);
  readonly #severity = byId('filter-severity', HTMLSelectElement);
  readonly #text = byId('filter-text', HTMLInputElement);
  readonly #scope = byId('filter-scope', HTMLInputElement);
  readonly #trace = byId('filter-trace', HTMLInputElement);
  readonly #scopes = byId('scopes', HTMLDataListElement);
  readonly #offered = new Set<string>();
  readonly #onChange: (criteria: RecordCriteria) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onChange: (criteria: RecordCriteria) => void) {
    this.#onChange = onChange;
    this.#form.addEventListener('input', () => this.#changeSoon());
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#change();
    });
    // The fields are empty only after this event.
    this.#form.addEventListener('reset', () => setTimeout(() => this.#change()));
    this.#toggle.addEventListener('click', () => this.#open(!this.#form.classList.contains('open')));
  }

  focusText(): void {
    this.#open(true);
    this.#text.focus();
    this.#text.select();
  }

  showTrace(traceId: string): void {
    this.#trace.value = traceId;
    this.#change();
  }

  showScope(scope: string): void {
    this.#scope.value = scope;
    this.#change();
  }

  /** Offers the name of a scope that was seen. */
  offerScope(scope: string): void {
    if (this.#offered.size >= MAX_OFFERED_SCOPES || this.#offered.has(scope)) return;
    this.#offered.add(scope);
    const option = element('option', '');
    option.value = scope;
    this.#scopes.append(option);
  }

  #changeSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#change(), DEBOUNCE_MILLIS);
  }

  #change(): void {
    clearTimeout(this.#timer);
    const criteria: RecordCriteria = {
      minSeverity: Number(this.#severity.value),
      text: this.#text.value,
      scope: this.#scope.value,
      traceId: this.#trace.value,
    };
    this.#form.classList.toggle('active', isFiltering(criteria));
    this.#toggle.classList.toggle('active', isFiltering(criteria));
    this.#onChange(criteria);
  }

  #open(isOpen: boolean): void {
    this.#form.classList.toggle('open', isOpen);
    this.#toggle.setAttribute('aria-expanded', String(isOpen));
  }
}
