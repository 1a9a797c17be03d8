import type { FastifyInstance } from 'fastify';
import { type Given, isPaymentAct, isSessionAct, paymentActs, sessionActs } from './acts.ts';
import type { Deliveries } from './deliveries.ts';
import { NotPossible, type Payer } from './payer.ts';
import type { Notice, Records } from './records.ts';

export interface ActsApi {
  readonly records: Records;
  readonly payer: Payer;
  readonly deliveries: Deliveries;
}

interface Act {
  Params: { id: string; act: string };
  Body: Given | undefined;
}

/** The acts of the page as a small JSON API, for tests and scripts. */
export function serveActsApi(server: FastifyInstance, { records, payer, deliveries }: ActsApi): void {
  void server.register(
    async (api) => {
      api.setErrorHandler((error, _request, reply) => {
        const status = error instanceof NotPossible ? 409 : ((error as { statusCode?: number }).statusCode ?? 500);
        return reply.code(status).send({ error: (error as Error).message });
      });
      api.get('/sessions', () => ({ sessions: [...records.sessions.values()].reverse() }));
      api.get<Act>('/sessions/:id', ({ params: { id } }) => {
        const session = mustBe(records.session(id));
        const payments = records.paymentsOf(id);
        const notices = records.noticesAbout(new Set([id, ...payments.map((payment) => payment.id)]));
        return { session, payments, notices: notices.map(viewOf) };
      });
      api.post<Act>('/sessions/:id/:act', async ({ params: { id, act }, body }) => {
        if (!isSessionAct(act)) throw notFound();
        const made = await sessionActs[act](payer, mustBe(records.session(id)), givenOf(body));
        return { payments: [made].flat() };
      });
      api.post<Act>('/payments/:id/:act', async ({ params: { id, act }, body }) => {
        if (!isPaymentAct(act)) throw notFound();
        const payment = mustBe(records.payments.get(id));
        await paymentActs[act](payer, payment, givenOf(body));
        return { payment };
      });
      api.get('/notices', () => ({ notices: [...records.notices.values()].reverse().map(viewOf) }));
      api.post<Act>('/notices/:id/send', async ({ params: { id } }) => {
        const notice = mustBe(records.notices.get(id));
        await deliveries.send(notice);
        return viewOf(notice);
      });
    },
    { prefix: '/emulator' },
  );
}

/** A notification with its event as JSON. */
function viewOf({ body, ...notice }: Notice) {
  return { ...notice, event: JSON.parse(body) as unknown };
}

function givenOf(body: unknown): Given {
  const { amount, seconds } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  return { ...numbersOf({ amount, seconds }) };
}

function numbersOf(values: Readonly<Record<string, unknown>>): Given {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    if (!Number.isSafeInteger(value) || (value as number) < 0) throw new NotPossible(`${name} is no whole number.`);
  }
  return Object.fromEntries(given) as Given;
}

function mustBe<Found>(found: Found | undefined): Found {
  if (found === undefined) throw notFound();
  return found;
}

function notFound(): Error {
  return Object.assign(new Error('There is no such thing here.'), { statusCode: 404 });
}
