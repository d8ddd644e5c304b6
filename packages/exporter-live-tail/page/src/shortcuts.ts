export interface Shortcuts {
  readonly onFind: () => void;
  readonly onPause: () => void;
  readonly onMove: (step: -1 | 1) => void;
  readonly onNewest: () => void;
  readonly onEscape: () => void;
}

const TYPED_INTO = 'input, select, textarea';
/** A space presses these. */
const PRESSED = 'button, a, summary';

/** Keys for everything that is done often. */
export function listenForShortcuts(shortcuts: Shortcuts): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    const action = actionOf(event, shortcuts);
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}

function actionOf({ key, target }: KeyboardEvent, shortcuts: Shortcuts): (() => void) | undefined {
  const focused = target instanceof Element ? target : document.body;
  if (key === 'Escape') return shortcuts.onEscape;
  if (focused.matches(TYPED_INTO)) return undefined;
  if (key === '/') return shortcuts.onFind;
  if (key === ' ') return focused.matches(PRESSED) ? undefined : shortcuts.onPause;
  if (key === 'ArrowUp') return () => shortcuts.onMove(-1);
  if (key === 'ArrowDown') return () => shortcuts.onMove(1);
  return key === 'End' ? shortcuts.onNewest : undefined;
}
