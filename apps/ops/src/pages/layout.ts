import { type Content, type Html, html } from './html.js';

export interface Page {
  readonly title: string;
  readonly body: Content;
  /** Missing on pages for a reader who has not signed in. */
  readonly operator?: string;
  readonly refreshSeconds?: number;
}

const sections = [
  ['/', 'Overview'],
  ['/parked', 'Parked messages'],
  ['/actions', 'What operators did'],
  ['/jobs', 'Jobs'],
] as const;

/** A whole HTML page: head, navigation, and the body under its title. */
export function layout({ title, body, operator, refreshSeconds }: Page): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refreshSeconds !== undefined && html`<meta http-equiv="refresh" content="${refreshSeconds}">`}
<title>${title} · Matricula operations</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/ops.css">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
<p class="brand">Matricula <span>operations</span></p>
${operator !== undefined && navigation(title, operator)}
</header>
<main id="main">
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`;
}

function navigation(title: string, operator: string): Html {
  return html`<nav aria-label="Sections"><ul>
${sections.map(([path, name]) => html`<li><a href="${path}"${name === title && html` aria-current="page"`}>${name}</a></li>`)}
</ul></nav>
<form method="post" action="/sign-out" class="who"><span>${operator}</span> <button type="submit" class="quiet">Sign out</button></form>`;
}
