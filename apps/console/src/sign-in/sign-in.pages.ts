import type { FastifyReply } from 'fastify';
import type { Problem } from '#http/problem.js';
import { type Language, languageOf, sendPlainPage } from './plain-page.js';

const texts = {
  en: {
    failed: 'You are not signed in',
    ended: 'You are signed out',
    again: 'Sign in again',
    home: 'Go to the start page',
    on: 'Go on',
  },
  de: {
    failed: 'Sie sind nicht angemeldet',
    ended: 'Sie sind abgemeldet',
    again: 'Erneut anmelden',
    home: 'Zur Startseite',
    on: 'Weiter',
  },
} as const satisfies Record<Language, object>;

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
  const language = languageOf(languages);
  const { failed, again, home } = texts[language];
  sendPlainPage(reply, status, {
    language,
    title: failed,
    sentence: (language === 'de' ? german[code] : undefined) ?? detail,
    links: [
      [`/auth/sign-in?return_to=${encodeURIComponent(returnTo)}`, again],
      ['/', home],
    ],
    note: [code, traceId].filter(Boolean).join(' · '),
  });
}

/**
 * Answers a form by which somebody signed out: the page leads on by itself. A redirect to the provider would be part of
 * the form's submission, which the policy of the pages allows to this server alone.
 */
export function sendSignedOut(reply: FastifyReply, next: string, languages: string | undefined): void {
  const language = languageOf(languages);
  const { ended, on } = texts[language];
  sendPlainPage(reply, 200, { language, title: ended, links: [[next, on]], refreshes: true });
}
