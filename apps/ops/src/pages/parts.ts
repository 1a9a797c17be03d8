import type { Page } from '#persistence/paging.js';
import { type Content, type Html, html } from './html.js';

/** A table with a caption for those who cannot see it, or a sentence when there is nothing to show. */
export function table(caption: string, heads: readonly string[], rows: readonly Html[], empty: string): Html {
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`;
  return html`<div class="scroll"><table><caption>${caption}</caption>
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

/** The first cell names the row. */
export function row(name: Content, ...cells: readonly Content[]): Html {
  return html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`;
}

export function section(title: string, content: Content): Html {
  const id = title.toLowerCase().replaceAll(/[^a-z]+/g, '-');
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${content}</section>\n`;
}

export function time(instant: string | null | undefined): Content {
  if (!instant) return '–';
  return html`<time datetime="${instant}">${instant.replace('T', ' ').replace(/(?:\.\d+)?Z$/, ' UTC')}</time>`;
}

/** The way through a list: back by number, on after the cursor, so that no row is skipped or repeated. */
export function pages(path: string, { page, limit, total, next_cursor: next }: Page<unknown>): Content {
  if (page === 1 && next === null) return null;
  const link = (query: string, words: string) => html`<a href="${path}?${query}&amp;limit=${limit}">${words}</a>`;
  const number =
    page !== undefined && total !== undefined && `Page ${page} of ${Math.max(1, Math.ceil(total / limit))}`;
  return html`<nav class="pages" aria-label="Pages">
${page !== 1 && link('page=1', 'First page')} <span>${number}</span> ${next !== null && link(`after=${next}`, 'Next page')}
</nav>`;
}
