import type { LiveTailRecord, LiveTailValue } from '../../src/live-tail-client.ts';
import { CopyButton } from './copy-button.ts';
import { button, byId, element } from './elements.ts';
import { formatInstant, formatTime, formatValue, manyLines, oneLine, severityName } from './text-format.ts';
import { traceLink } from './trace-link.ts';

export interface DetailsPaneOptions {
  readonly traceUrl: string | undefined;
  readonly onClose: () => void;
  readonly onTrace: (traceId: string) => void;
  readonly onScope: (scope: string) => void;
}

/** All that is known of one record. */
export class DetailsPane {
  readonly #options: DetailsPaneOptions;
  readonly #root = byId('details', HTMLElement);
  readonly #title = byId('details-title', HTMLElement);
  readonly #content = byId('details-content', HTMLElement);
  readonly #copy = new CopyButton(byId('details-copy', HTMLButtonElement), () => this.#json());
  #record: LiveTailRecord | undefined;

  constructor(options: DetailsPaneOptions) {
    this.#options = options;
    byId('details-close', HTMLButtonElement).addEventListener('click', options.onClose);
  }

  get isOpen(): boolean {
    return !this.#root.hidden;
  }

  show(record: LiveTailRecord): void {
    this.#record = record;
    this.#copy.restart();
    this.#title.textContent = [severityName(record) ?? 'Record', formatTime(record.time)].join(' · ');
    this.#root.dataset['severity'] = severityName(record)?.toLowerCase() ?? 'none';
    this.#content.replaceChildren(...this.#sections(record));
    this.#content.scrollTop = 0;
    this.#root.hidden = false;
  }

  close(): void {
    this.#root.hidden = true;
    this.#record = undefined;
    this.#content.replaceChildren();
  }

  #json(): string {
    return JSON.stringify(this.#record, undefined, 2);
  }

  #sections(record: LiveTailRecord): HTMLElement[] {
    const { body, attributes, resource } = record;
    const sections: HTMLElement[] = [];
    if (record.truncated === true) {
      sections.push(element('p', 'note', 'The server has cut parts of this record, because it is too large.'));
    }
    if (body !== undefined) sections.push(element('pre', 'details-body', manyLines(formatValue(body, 2))));
    const stack = attributes['exception.stacktrace'];
    if (typeof stack === 'string') sections.push(element('pre', 'details-stack', manyLines(stack)));
    sections.push(this.#facts(record));
    sections.push(...table('Attributes', attributes, 'exception.stacktrace'), ...table('Resource', resource));
    return sections;
  }

  #facts(record: LiveTailRecord): HTMLElement {
    const list = element('dl', 'facts');
    const { offset, time, severityNumber, severityText, eventName, scope, scopeVersion, traceId, spanId } = record;
    addFact(list, 'time', formatInstant(time));
    addFact(list, 'offset', String(offset));
    addFact(list, 'severity', [severityText, severityNumber].filter((part) => part !== undefined).join(' · '));
    addFact(list, 'event', eventName);
    const name = scopeVersion === undefined ? scope : `${scope} ${scopeVersion}`;
    if (scope !== '')
      addFact(
        list,
        'scope',
        button('link', oneLine(name), () => this.#options.onScope(scope)),
      );
    if (traceId !== undefined) addFact(list, 'trace', this.#trace(traceId));
    addFact(list, 'span', spanId);
    return list;
  }

  #trace(traceId: string): HTMLElement {
    const both = element('span', 'trace-links');
    both.append(button('link', oneLine(traceId), () => this.#options.onTrace(traceId)));
    const href = traceLink(this.#options.traceUrl, traceId, location.href);
    if (href !== undefined) {
      const link = element('a', 'trace-link', 'open trace ↗');
      link.href = href;
      link.target = '_blank';
      link.rel = 'noopener noreferrer';
      both.append(link);
    }
    return both;
  }
}

function table(title: string, values: Readonly<Record<string, LiveTailValue>>, except?: string): HTMLElement[] {
  const entries = Object.entries(values).filter(([key]) => key !== except);
  if (entries.length === 0) return [];
  const list = element('dl', 'values');
  for (const [key, value] of entries) addFact(list, oneLine(key), manyLines(formatValue(value, 2)));
  return [element('h3', '', title), list];
}

function addFact(list: HTMLElement, name: string, value: string | HTMLElement | undefined): void {
  if (value === undefined || value === '') return;
  const description = element('dd', '');
  description.append(typeof value === 'string' ? manyLines(value) : value);
  list.append(element('dt', '', name), description);
}
