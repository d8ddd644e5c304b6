/** An element of the page's markup. @throws Error where the markup has no such element of this kind */
export function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.querySelector(`#${id}`);
  if (found instanceof kind) return found;
  throw new Error(`The page has no ${kind.name} named ${id}.`);
}

/** A new element. Text is all that ever comes into it: what is logged is never read as markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  text?: string,
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** A new button that does something. */
export function button(className: string, text: string, onClick: () => void): HTMLButtonElement {
  const made = element('button', className, text);
  made.type = 'button';
  made.addEventListener('click', onClick);
  return made;
}

/** Sets text only where it is another one: setting it makes work for the browser either way. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}
