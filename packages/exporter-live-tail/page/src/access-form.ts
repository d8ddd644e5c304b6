import { byId } from './elements.ts';

/** Asks for the token, where the page has none or a wrong one. */
export class AccessForm {
  readonly #form = byId('access', HTMLFormElement);
  readonly #input = byId('access-token', HTMLInputElement);
  readonly #reason = byId('access-reason', HTMLElement);

  constructor(onToken: (token: string) => void) {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const token = this.#input.value.trim();
      if (token === '') return;
      this.#form.hidden = true;
      this.#input.value = '';
      onToken(token);
    });
  }

  ask(reason: string): void {
    this.#reason.textContent = reason;
    this.#form.hidden = false;
    this.#input.focus();
  }

  hide(): void {
    this.#form.hidden = true;
  }
}
