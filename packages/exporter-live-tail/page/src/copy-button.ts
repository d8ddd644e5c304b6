const SHOWN_MILLIS = 1500;

/** Copies a text, and says that it did. */
export class CopyButton {
  readonly #button: HTMLButtonElement;
  readonly #label: string;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(button: HTMLButtonElement, text: () => string) {
    this.#button = button;
    this.#label = button.textContent;
    button.addEventListener('click', () => void this.#copy(text()));
  }

  /** Something else is to be copied. */
  restart(): void {
    clearTimeout(this.#timer);
    this.#button.textContent = this.#label;
  }

  async #copy(text: string): Promise<void> {
    // Browsers have no clipboard for pages that come over http from another machine.
    const isCopied = await copyText(text);
    this.restart();
    this.#button.textContent = isCopied ? 'Copied' : 'Not allowed here';
    this.#timer = setTimeout(() => this.restart(), SHOWN_MILLIS);
  }
}

async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
