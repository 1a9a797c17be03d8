import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { listQuarantinedNotifications } from '#contracts/payments/quarantined-notifications.js';
import { classify } from '../domain/notification.js';
import { providers } from '../domain/providers.js';
import { type QuarantinedRequest, QuarantinedStore } from './quarantined.store.js';

type Query = RequestOf<typeof listQuarantinedNotifications>;
type Page = ResponseOf<typeof listQuarantinedNotifications>;

const byName = new Map(providers.map((provider) => [provider.name, provider]));

/**
 * Lists quarantined notifications. Each is classified again for the payment that it names: it was never linked to
 * that payment, and an operator compares the two.
 */
@Injectable()
export class ListQuarantined {
  constructor(private readonly store: QuarantinedStore) {}

  async execute({ state, ...paging }: Query): Promise<Page> {
    const { items: requests, ...page } = await this.store.page(state, paging);
    const read = requests.map((request) => ({ ...request, heads: headersOf(request) }));
    const payments = await this.store.payments(read.map(paymentNamed));
    const items = read.map(({ heads, dismissal, settlement, ...request }, index) => ({
      notification_id: request.id,
      provider: request.provider,
      event_id: request.eventId,
      reason: request.reason,
      payment_id: payments[index] ?? null,
      received_at: request.receivedAt.toString(),
      headers: heads,
      body: request.body.toString('utf8'),
      ...(request.bodyBytes !== null && { body_bytes: request.bodyBytes }),
      dismissal: dismissal && {
        dismissed_at: dismissal.at.toString(),
        dismissed_by: dismissal.by,
        note: dismissal.note,
      },
      settlement: settlement && {
        settled_at: settlement.at.toString(),
        notification_id: settlement.by,
        verdict: settlement.verdict,
      },
    }));
    return { items, ...page };
  }
}

function headersOf({ headers }: QuarantinedRequest): Record<string, string> {
  const kept = JSON.parse(headers) as Record<string, string | string[]>;
  return Object.fromEntries(Object.entries(kept).map(([name, value]) => [name, [value].flat().join(', ')]));
}

function paymentNamed({ provider: name, heads, body }: QuarantinedRequest & { heads: Record<string, string> }) {
  const provider = byName.get(name);
  if (!provider) return null;
  const { payment, refund } = classify(provider, { headers: heads, body });
  return payment ?? (refund && { provider: name, reference: refund.paymentReference });
}
