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

export function pages(path: string, page: number, limit: number, total: number): Content {
  const last = Math.max(1, Math.ceil(total / limit));
  if (last === 1) return null;
  const link = (to: number, words: string) => html`<a href="${path}?page=${to}&amp;limit=${limit}">${words}</a>`;
  return html`<nav class="pages" aria-label="Pages">
${page > 1 && link(page - 1, 'Previous page')} <span>Page ${page} of ${last}</span> ${page < last && link(page + 1, 'Next page')}
</nav>`;
}
