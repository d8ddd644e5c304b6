import { type LiveTail, type LiveTailEvent, type LiveTailState, openLiveTail } from '../../src/live-tail-client.ts';
import { AccessForm } from './access-form.ts';
import { AccessToken } from './access-token.ts';
import { DetailsPane } from './details-pane.ts';
import { byId } from './elements.ts';
import { FilterBar } from './filter-bar.ts';
import { LogList } from './log-list.ts';
import { readPageSettings } from './page-settings.ts';
import { listenForShortcuts } from './shortcuts.ts';
import { StatusBar } from './status-bar.ts';
import { TailModel } from './tail-model.ts';
import type { TailRow } from './tail-row.ts';

/** Ties the parts of the page together. */
export class TailPage {
  readonly #settings = readPageSettings();
  readonly #token = new AccessToken(this.#settings.basePath);
  readonly #model = new TailModel();
  readonly #access = new AccessForm((token) => this.#enter(token));
  readonly #status = new StatusBar(this.#model, () => this.#tail?.reconnect());
  readonly #filters = new FilterBar((criteria) => {
    this.#model.setCriteria(criteria);
    this.#list.reset();
    this.#status.refresh();
  });
  readonly #details = new DetailsPane({
    traceUrl: this.#settings.traceUrl,
    onClose: () => this.#closeDetails(),
    onTrace: (traceId) => this.#filters.showTrace(traceId),
    onScope: (scope) => this.#filters.showScope(scope),
  });
  readonly #list = new LogList(this.#model, {
    onSelect: (row) => this.#showDetails(row),
    onTrace: (traceId) => this.#filters.showTrace(traceId),
  });
  #tail: LiveTail | undefined;
  #epoch: string | undefined;

  start(): void {
    byId('pause', HTMLButtonElement).addEventListener('click', () => this.#togglePause());
    byId('clear', HTMLButtonElement).addEventListener('click', () => this.#clear());
    listenForShortcuts({
      onFind: () => this.#filters.focusText(),
      onPause: () => this.#togglePause(),
      onMove: (step) => this.#list.moveSelection(step),
      onNewest: () => this.#list.follow(),
      onEscape: () => this.#escape(),
    });
    // Another link to the same page, opened in the same tab, changes nothing but the fragment.
    addEventListener('hashchange', () => {
      if (this.#token.read() !== undefined) location.reload();
    });
    this.#connect();
  }

  #connect(): void {
    const token = this.#token.read();
    if (token === undefined) this.#access.ask('This tail needs its token. The server shows it when it starts.');
    else this.#open(token);
  }

  #enter(token: string): void {
    this.#token.store(token);
    this.#open(token);
  }

  #open(token: string): void {
    this.#tail?.close();
    this.#access.hide();
    try {
      this.#tail = openLiveTail({
        url: new URL(this.#settings.basePath, location.origin),
        token,
        onEvent: (event, characters) => this.#onEvent(event, characters),
        onState: (state) => this.#onState(state),
      });
    } catch {
      this.#access.ask('This is no token: it has characters that a token cannot have.');
    }
  }

  #onEvent(event: LiveTailEvent, characters: number): void {
    this.#model.apply(event, characters);
    if (event.type === 'record') this.#filters.offerScope(event.data.scope);
    if (event.type === 'record' || event.type === 'gap') this.#list.update();
  }

  #onState(state: LiveTailState): void {
    this.#status.showState(state);
    if (state.status === 'open') this.#noteEpoch(state.epoch);
    if (state.status === 'closed' && state.cause === 'unauthorized') {
      this.#access.ask('The server does not accept this token. After a restart it may have another one.');
    }
  }

  /** Not by the state's `restarted`: a server that has started again may ask for another token, and that is another tail. */
  #noteEpoch(epoch: string): void {
    const isRestarted = this.#epoch !== undefined && this.#epoch !== epoch;
    this.#epoch = epoch;
    if (!isRestarted) return;
    this.#model.noteRestart(Date.now());
    this.#status.noteRestart(Date.now());
    this.#list.update();
  }

  #showDetails(row: TailRow): void {
    if (row.kind === 'record') this.#details.show(row.record);
    else this.#details.close();
  }

  #closeDetails(): void {
    this.#details.close();
    this.#list.select(undefined);
    this.#list.focus();
  }

  #escape(): void {
    if (this.#details.isOpen) this.#closeDetails();
    else this.#list.focus();
  }

  #togglePause(): void {
    if (this.#model.isPaused) this.#model.resume();
    else this.#model.pause();
    this.#status.refresh();
    this.#list.update();
  }

  #clear(): void {
    this.#model.clear();
    this.#closeDetails();
    this.#list.reset();
    this.#status.refresh();
  }
}
