import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { Problem } from '#http/problem.js';

/** The page needs no script: the pages of the console may be what is broken. */
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

const texts = {
  en: { title: 'You are not signed in', again: 'Sign in again', home: 'Go to the start page' },
  de: { title: 'Sie sind nicht angemeldet', again: 'Erneut anmelden', home: 'Zur Startseite' },
} as const;

/** The refusals of a sign-in in German; those of the API are in English. */
const german: Readonly<Record<string, string>> = {
  SIGN_IN_DENIED: 'Die Anmeldung wurde beim Anbieter nicht abgeschlossen.',
  SIGN_IN_BROKEN: 'Diese Anmeldung wurde nicht in diesem Browser begonnen, oder sie ist zu lange her.',
  NO_ACCESS: 'Ihr Konto hat hier keinen Zugang.',
  SESSION_TOO_LARGE: 'Die Berechtigungen Ihres Kontos passen nicht in ein Cookie. Weniger Rollen oder Gruppen helfen.',
  SERVICE_UNAVAILABLE: 'Die Anmeldung ist im Moment nicht möglich. Versuchen Sie es gleich noch einmal.',
};

/** Answers a browser whose sign-in failed, in its language. */
export function sendFailedSignIn(
  reply: FastifyReply,
  { status, code, detail, trace_id: traceId }: Problem,
  { returnTo, languages }: { readonly returnTo: string; readonly languages: string | undefined },
): void {
  const language = /^\s*de\b/i.test(languages ?? '') ? 'de' : 'en';
  const { title, again, home } = texts[language];
  const sentence = (language === 'de' ? german[code] : undefined) ?? detail;
  const signIn = `/auth/sign-in?return_to=${encodeURIComponent(returnTo)}`;
  const page = `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title} · Matricula</title><style>${style}</style></head>
<body><main><h1>${title}</h1><p role="alert">${escaped(sentence)}</p>
<p><a href="${escaped(signIn)}">${again}</a> <a href="/">${home}</a></p>
<p><small>${escaped([code, traceId].filter(Boolean).join(' · '))}</small></p></main></body></html>
`;
  reply
    .status(status)
    .headers({ 'content-security-policy': contentSecurityPolicy, 'cache-control': 'no-store' })
    .type('text/html; charset=utf-8')
    .send(page);
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
