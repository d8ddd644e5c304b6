import { element } from './elements.ts';

/** What both pages of the app show beneath their own content: the account of this page, of all pages, and what Loki got last. */
export function panelFrame(): HTMLElement {
  const pageViews = element(
    'table',
    [
      element('caption', 'All pages of this browser, since the server was started'),
      head('Page', 'Emitted', 'Arrived in Loki'),
      element('tbody', '', { id: 'page-views' }),
      element('tfoot', [
        element('tr', [
          element('th', 'Together', { scope: 'row' }),
          element('td', '0', { id: 'all-emitted' }),
          element('td', '0', { id: 'all-arrived' }),
        ]),
      ]),
    ],
    { class: 'counts' },
  );
  const newest = element('table', [
    element('caption', 'What Loki got last'),
    head('Time', 'Severity', 'Line', 'Of'),
    element('tbody', '', { id: 'newest' }),
  ]);
  return element('div', [
    element('p', 'Nothing is known yet.', { id: 'status', role: 'status' }),
    section('this-page', 'This page', element('dl', '', { id: 'account' })),
    section('all-pages', 'Emitted and arrived', pageViews),
    section('in-loki', 'In Loki', newest),
  ]);
}

function section(id: string, title: string, content: HTMLElement): HTMLElement {
  const heading = element('h2', title, { id: `${id}-title` });
  return element('section', [heading, content], { id, 'aria-labelledby': heading.id });
}

function head(...names: readonly string[]): HTMLElement {
  return element('thead', [
    element(
      'tr',
      names.map((name) => element('th', name, { scope: 'col' })),
    ),
  ]);
}
