import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';

/** The languages of the console. */
export type Language = 'en' | 'de';

/** A page of the server itself. It needs no script, because the built pages may be what is broken. */
export interface PlainPage {
  readonly language: Language;
  readonly title: string;
  readonly sentence?: string;
  /** What leads on, by the address. The first one is where the browser goes by itself, if it `refreshes`. */
  readonly links: readonly (readonly [href: string, text: string])[];
  readonly refreshes?: boolean;
  /** For a report to the operators. */
  readonly note?: string;
}

const style =
  ':root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1rem}' +
  'a{display:inline-block;padding:.5rem 1rem;border:1px solid;border-radius:.375rem;color:inherit;text-decoration:none}' +
  'small{opacity:.7}';

const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The first language of an Accept-Language header that the console speaks. */
export function languageOf(header: string | undefined): Language {
  return /^\s*de\b/i.test(header ?? '') ? 'de' : 'en';
}

export function sendPlainPage(reply: FastifyReply, status: number, page: PlainPage): void {
  reply
    .status(status)
    .headers({ 'content-security-policy': contentSecurityPolicy, 'cache-control': 'no-store' })
    .type('text/html; charset=utf-8')
    .send(textOf(page));
}

function textOf({ language, title, sentence, links, refreshes, note }: PlainPage): string {
  const [first] = links;
  const refresh = refreshes && first ? `<meta http-equiv="refresh" content="0;url=${escaped(first[0])}">` : '';
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${refresh}
<title>${title} · Matricula</title><style>${style}</style></head>
<body><main><h1>${title}</h1>
${sentence === undefined ? '' : `<p role="alert">${escaped(sentence)}</p>`}
<p>${links.map(([href, text]) => `<a href="${escaped(href)}">${text}</a>`).join(' ')}</p>
${note === undefined ? '' : `<p><small>${escaped(note)}</small></p>`}</main></body></html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
