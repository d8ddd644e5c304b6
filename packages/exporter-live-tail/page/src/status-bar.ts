import type { LiveTailState, LiveTailStats } from '../../src/live-tail-client.ts';
import { byId, setText } from './elements.ts';
import { RateMeter } from './rate-meter.ts';
import type { TailModel } from './tail-model.ts';
import { formatCount, formatTime } from './text-format.ts';

const REFRESH_MILLIS = 250;

/** How the connection is doing, and what was counted. */
export class StatusBar {
  readonly #model: TailModel;
  readonly #rateMeter = new RateMeter();
  readonly #connection = byId('connection', HTMLElement);
  readonly #text = byId('connection-text', HTMLElement);
  readonly #wait = byId('connection-wait', HTMLElement);
  readonly #restarted = byId('restarted', HTMLElement);
  readonly #reconnect = byId('reconnect', HTMLButtonElement);
  readonly #pause = byId('pause', HTMLButtonElement);
  readonly #buffer = byId('buffer', HTMLElement);
  readonly #bufferLevel = byId('buffer-level', HTMLElement);
  readonly #missed = byId('count-missed', HTMLElement);
  #state: LiveTailState | undefined;
  #stateAt = 0;

  constructor(model: TailModel, onReconnect: () => void) {
    this.#model = model;
    this.#reconnect.addEventListener('click', onReconnect);
    setInterval(() => this.refresh(), REFRESH_MILLIS);
  }

  showState(state: LiveTailState): void {
    this.#state = state;
    this.#stateAt = performance.now();
    this.#connection.dataset['status'] = state.status;
    this.#reconnect.hidden = state.status !== 'waiting';
    this.refresh();
  }

  /** Says when the server was seen to have started again. */
  noteRestart(time: number): void {
    this.#restarted.hidden = false;
    setText(this.#restarted, `server restarted ${formatTime(time).slice(0, 8)}`);
  }

  /** Shows what is known now; it is called a few times a second anyway. */
  refresh(): void {
    const now = performance.now();
    const { received, kept, shown, missed, waiting } = this.#model.counts;
    setText(this.#text, connectionText(this.#state));
    setText(this.#wait, this.#waitText(now));
    showCount('rate', Math.round(this.#rateMeter.perSecond(received, now)));
    for (const [name, value] of Object.entries({ received, kept, shown, missed })) showCount(name, value);
    this.#missed.classList.toggle('bad', missed > 0);
    const { isPaused } = this.#model;
    this.#pause.setAttribute('aria-pressed', String(isPaused));
    setText(this.#pause, isPaused ? `Resume · ${formatCount(waiting)} waiting` : 'Pause');
    if (this.#model.stats !== undefined) this.#showBuffer(this.#model.stats);
  }

  /** Apart from the text before it, so that who hears the page is not told every second. */
  #waitText(now: number): string {
    if (this.#state?.status !== 'waiting') return '';
    return `in ${Math.max(Math.ceil((this.#stateAt + this.#state.delayMillis - now) / 1000), 0)} s`;
  }

  #showBuffer({ buffered, maxBuffered, healthy, dropped }: LiveTailStats): void {
    const ratio = maxBuffered > 0 ? Math.min(buffered / maxBuffered, 1) : 0;
    this.#buffer.classList.toggle('bad', !healthy);
    this.#bufferLevel.style.width = `${Math.round(ratio * 100)}%`;
    showText('buffer-text', `${formatCount(buffered)} / ${formatCount(maxBuffered)}${healthy ? '' : ' slow'}`);
    this.#buffer.title =
      `Records that wait in the server for this page, and how many may. ` +
      `On this connection ${formatCount(dropped)} were dropped.`;
  }
}

function connectionText(state: LiveTailState | undefined): string {
  if (state === undefined) return 'no token';
  if (state.status === 'open') return 'live';
  if (state.status === 'connecting') return state.attempt === 1 ? 'connecting' : 'reconnecting';
  return state.status === 'closed' ? state.reason : `${state.reason}, reconnecting`;
}

function showCount(name: string, value: number): void {
  showText(`count-${name}`, formatCount(value));
}

function showText(id: string, text: string): void {
  setText(byId(id, HTMLElement), text);
}
