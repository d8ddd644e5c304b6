import { diag } from '@opentelemetry/api';
import { onTestFinished } from 'vitest';

function unheard(): void {}

/** Hears what an operator would, until the test ends. */
export function recordDiag(): { readonly errors: readonly string[] } {
  const errors: string[] = [];
  diag.setLogger(
    {
      error: (...texts: unknown[]) => void errors.push(texts.map(String).join(' ')),
      warn: unheard,
      info: unheard,
      debug: unheard,
      verbose: unheard,
    },
    { suppressOverrideMessage: true },
  );
  onTestFinished(() => diag.disable());
  return { errors };
}
