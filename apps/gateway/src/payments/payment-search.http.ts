import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { paymentsQuery } from '#contracts/http.js';
import { getPayment, listCandidates, listPayments } from '#contracts/payments/payment-search.js';
import { findNames } from '#contracts/subscriptions/names.js';
import { id } from '#contracts/wire.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import { Names } from '../edge/services/names.js';
import { Services } from '../edge/services/services.js';

/** Payments as admins look them up, with the names that only subscriptions has. */
@ApiTags('Admin: payments')
@Controller('admin/payments')
export class PaymentSearchController {
  constructor(
    private readonly services: Services,
    private readonly names: Names,
  ) {}

  @Get()
  @Endpoint({ summary: 'Find payments', requests: [listPayments, findNames], roles: ['admin', 'ops'] })
  async listPayments(@Query({ schema: paymentsQuery }) query: z.output<typeof paymentsQuery>) {
    const page = await this.services.request(listPayments, query);
    const { persons } = await this.names.of({ persons: page.items.map(({ person_id: person }) => person) });
    const items = page.items.map((payment) => ({ ...payment, ...named(persons, payment.person_id) }));
    return { ...page, items };
  }

  @Get('unmatched/:id/candidates')
  @Endpoint({
    summary: 'List orders that a payment in suspense may be for',
    requests: [listCandidates, findNames],
    roles: ['admin', 'ops'],
  })
  async listCandidates(@Param('id', { schema: id }) paymentId: string) {
    const found = await this.services.request(listCandidates, { payment_id: paymentId });
    const { persons, orders } = await this.names.of({
      persons: found.candidates.map(({ person_id: person }) => person),
      orders: found.candidates.map(({ order_id: order }) => order),
    });
    const candidates = found.candidates.map((candidate) => {
      const title = orders.get(candidate.order_id);
      const ofClass = title === undefined ? {} : { class_title: title };
      return { ...candidate, ...named(persons, candidate.person_id), ...ofClass };
    });
    return { ...found, candidates };
  }

  @Get(':id')
  @Endpoint({
    summary: 'Get a payment with its transfers, returns and notifications',
    requests: [getPayment, findNames],
    roles: ['admin', 'ops'],
  })
  async getPayment(@Param('id', { schema: id }) paymentId: string) {
    const payment = await this.services.request(getPayment, { payment_id: paymentId });
    const { persons } = await this.names.of({ persons: [payment.person_id] });
    return { ...payment, ...named(persons, payment.person_id) };
  }
}

function named(persons: ReadonlyMap<string, string>, person: string | null): { person_name?: string } {
  const name = person === null ? undefined : persons.get(person);
  return name === undefined ? {} : { person_name: name };
}
