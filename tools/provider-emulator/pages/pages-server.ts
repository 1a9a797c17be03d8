import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Given, isPaymentAct, isSessionAct, paymentActs, sessionActs } from '../acts.ts';
import { type ActsApi } from '../acts-api.ts';
import { NotPossible } from '../payer.ts';
import type { Payment, Session } from '../records.ts';
import { parseAmount } from '../stripe/amounts.ts';
import { decodeForm, textAt } from '../stripe/form-body.ts';
import { overviewPage, plainPage, sessionPage } from './pages.ts';
import { style } from './style.ts';

interface Act {
  Params: { id: string; act: string };
}

/** The pages of the emulator, without a script. Their forms are the acts; afterwards a payer goes back to the shop. */
export function servePages(server: FastifyInstance, { records, payer, deliveries }: ActsApi): void {
  void server.register(async (pages) => {
    pages.addHook('onRequest', async (request, reply) => {
      // A page of another site must not pay by a form of its own.
      const site = request.headers['sec-fetch-site'];
      if (request.method === 'POST' && site !== undefined && site !== 'same-origin') {
        return sendPage(reply.code(403), plainPage('Not from here', 'This form is not one of these pages.'));
      }
      return undefined;
    });
    const show = (reply: FastifyReply, session: Session, fault?: string) => {
      const payments = records.paymentsOf(session.id);
      const notices = records.noticesAbout(new Set([session.id, ...payments.map(({ id }) => id)]));
      const html = sessionPage({ session, payments, notices, fault });
      return sendPage(fault ? reply.code(409) : reply, html, originsOf(session));
    };
    const missing = (reply: FastifyReply) =>
      sendPage(reply.code(404), plainPage('Not found', 'There is no such payment page here.'));

    pages.get('/style.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(style));
    pages.get('/', (_request, reply) =>
      sendPage(reply, overviewPage([...records.sessions.values()].reverse(), [...records.notices.values()].slice(-50))),
    );
    pages.get<Act>('/checkout/:id', ({ params: { id } }, reply) => {
      const session = records.session(id);
      return session ? show(reply, session) : missing(reply);
    });
    pages.post<Act>('/checkout/:id/:act', async ({ params: { id, act }, body }, reply) => {
      const session = records.session(id);
      if (!session || !isSessionAct(act)) return missing(reply);
      try {
        await sessionActs[act](payer, session, givenOf(String(body ?? ''), session.currency));
        return reply.redirect(session.successUrl, 303);
      } catch (error) {
        if (error instanceof NotPossible) return show(reply, session, error.message);
        throw error;
      }
    });
    pages.post<Act>('/payments/:id/:act', async ({ params: { id, act }, body }, reply) => {
      const payment = records.payments.get(id);
      const session = payment?.sessionId ? records.session(payment.sessionId) : undefined;
      if (!payment || !session || !isPaymentAct(act)) return missing(reply);
      try {
        await paymentActs[act](payer, payment, givenOf(String(body ?? ''), payment.currency));
        return reply.redirect(`/checkout/${session.id}`, 303);
      } catch (error) {
        if (error instanceof NotPossible) return show(reply, session, error.message);
        throw error;
      }
    });
    pages.post<Act>('/notices/:id/send', async ({ params: { id } }, reply) => {
      const notice = records.notices.get(id);
      if (!notice) return missing(reply);
      await deliveries.send(notice);
      const about: Payment | undefined = records.payments.get(notice.about);
      return reply.redirect(`/checkout/${about?.sessionId ?? notice.about}`, 303);
    });
  });
}

/** After a form the browser follows to the shop, which `form-action` has to allow. */
function originsOf({ successUrl }: Session): readonly string[] {
  return [new URL(successUrl).origin];
}

function sendPage(reply: FastifyReply, html: string, formOrigins: readonly string[] = []): FastifyReply {
  const policy = [
    `default-src 'none'`,
    `style-src 'self'`,
    `form-action ${["'self'", ...formOrigins].join(' ')}`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ];
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', policy.join('; '))
    .header('referrer-policy', 'no-referrer')
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'no-store')
    .send(html);
}

function givenOf(body: string, currency: string): Given {
  const form = decodeForm(body);
  const [amountText, secondsText] = [textAt(form, 'amount'), textAt(form, 'seconds')];
  const amount = amountText === undefined ? undefined : parseAmount(amountText, currency);
  if (amountText !== undefined && amount === undefined) throw new NotPossible(`“${amountText}” is no amount.`);
  if (secondsText !== undefined && !/^\d{1,6}$/.test(secondsText)) throw new NotPossible('Seconds are a whole number.');
  return {
    ...(amount !== undefined && { amount }),
    ...(secondsText !== undefined && { seconds: Number(secondsText) }),
  };
}
