import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { newStripeId, type Records, type Session, unixSeconds } from '../records.ts';
import { amountFault } from './amounts.ts';
import { decodeForm, type FormFields, textAt, textsAt } from './form-body.ts';
import { intentObject, sessionObject } from './stripe-objects.ts';

/** An error as Stripe answers it. */
class StripeFault extends Error {
  readonly status: number;
  readonly error: { readonly type: string; readonly code?: string; readonly param?: string };

  constructor(status: number, message: string, error: StripeFault['error']) {
    super(message);
    this.status = status;
    this.error = error;
  }
}

export interface StripeApi {
  readonly records: Records;
  readonly apiKey: string;
  readonly pageUrl: (sessionId: string) => string;
}

/** The part of Stripe's API that the payment service uses: Checkout Sessions are made, read and expired. */
export function serveStripeApi(server: FastifyInstance, { records, apiKey, pageUrl }: StripeApi): void {
  const objectOf = (session: Session, expandIntent = false) => {
    const payment = session.paymentId === null ? undefined : records.payments.get(session.paymentId);
    const object = sessionObject(session, payment, pageUrl(session.id));
    return expandIntent && payment ? { ...object, payment_intent: intentObject(payment) } : object;
  };
  const found = (id: string): Session => {
    const session = records.session(id);
    if (session) return session;
    throw new StripeFault(404, `No such checkout.session: '${id}'`, {
      type: 'invalid_request_error',
      code: 'resource_missing',
      param: 'id',
    });
  };

  void server.register(async (api) => {
    api.setErrorHandler((error, _request, reply) => answerFault(reply, error));
    api.addHook('onRequest', async (request, reply) => {
      void reply.header('request-id', newStripeId('req'));
      if (request.headers.authorization !== `Bearer ${apiKey}`) {
        throw new StripeFault(401, 'Invalid API Key provided', { type: 'invalid_request_error' });
      }
    });

    api.post('/v1/checkout/sessions', (request, reply) =>
      once(records, request, reply, (form) => {
        const session = sessionOf(form);
        records.sessions.set(session.id, session);
        return objectOf(session);
      }),
    );
    api.get<{ Params: { id: string }; Querystring: Record<string, string> }>('/v1/checkout/sessions/:id', (request) =>
      objectOf(found(request.params.id), Object.values(request.query).includes('payment_intent')),
    );
    api.post<{ Params: { id: string } }>('/v1/checkout/sessions/:id/expire', (request) => {
      const session = found(request.params.id);
      if (session.status !== 'open') {
        throw new StripeFault(400, `Only Checkout Sessions with a status of open can be expired.`, {
          type: 'invalid_request_error',
        });
      }
      session.status = 'expired';
      records.save();
      return objectOf(session);
    });
  });
}

/** The answer to a request; a repeat of its Idempotency-Key gets the same one, and other parameters are a fault. */
function once(
  records: Records,
  request: FastifyRequest,
  reply: FastifyReply,
  make: (form: FormFields) => object,
): object {
  const body = String(request.body ?? '');
  const key = request.headers['idempotency-key'];
  const kept = typeof key === 'string' ? records.answers.get(key) : undefined;
  if (kept) {
    if (kept.request !== body) {
      throw new StripeFault(400, 'Keys for idempotent requests can only be used with the same parameters.', {
        type: 'idempotency_error',
      });
    }
    void reply.header('idempotent-replayed', 'true');
    return kept.body as object;
  }
  const answer = make(decodeForm(body));
  if (typeof key === 'string') records.answers.set(key, { request: body, status: 200, body: answer });
  records.save();
  return answer;
}

const minutes = 60;

function sessionOf(form: FormFields): Session {
  const createdAt = unixSeconds();
  const price = ['line_items', '0', 'price_data'];
  const currency = textAt(form, ...price, 'currency') ?? '';
  const amount = Number(textAt(form, ...price, 'unit_amount')) * Number(textAt(form, 'line_items', '0', 'quantity'));
  const expiresAt = Number(textAt(form, 'expires_at') ?? createdAt + 24 * 60 * minutes);
  const successUrl = textAt(form, 'success_url');
  if (textAt(form, 'mode') !== 'payment') throw invalid('mode', 'parameter_unknown');
  if (!/^[a-z]{3}$/.test(currency)) throw invalid('line_items[0][price_data][currency]', 'parameter_invalid_empty');
  const fault = amountFault(amount, currency);
  if (fault) throw invalid('line_items[0][price_data][unit_amount]', fault);
  if (!successUrl || !URL.canParse(successUrl)) throw invalid('success_url', 'url_invalid');
  const ahead = expiresAt - createdAt;
  if (!(ahead >= 30 * minutes && ahead <= 24 * 60 * minutes)) throw invalid('expires_at', 'parameter_invalid_integer');
  return {
    id: newStripeId('cs_test'),
    title: textAt(form, ...price, 'product_data', 'name') ?? 'A payment',
    amount,
    currency,
    metadata: textsAt(form, 'metadata'),
    paymentMetadata: textsAt(form, 'payment_intent_data', 'metadata'),
    clientReference: textAt(form, 'client_reference_id') ?? null,
    successUrl,
    cancelUrl: textAt(form, 'cancel_url') ?? null,
    createdAt,
    expiresAt,
    status: 'open',
    paymentId: null,
  };
}

function invalid(param: string, code: string): StripeFault {
  return new StripeFault(400, `Invalid ${param}`, { type: 'invalid_request_error', code, param });
}

function answerFault(reply: FastifyReply, error: unknown): FastifyReply {
  if (error instanceof StripeFault) {
    return reply.code(error.status).send({ error: { ...error.error, message: error.message } });
  }
  return reply.code(500).send({ error: { type: 'api_error', message: (error as Error).message } });
}
