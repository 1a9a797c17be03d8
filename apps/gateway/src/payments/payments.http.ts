import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { missingRefundsQuery, quarantinedQuery, unmatchedPaymentsQuery, waitingRefundsQuery } from '#contracts/http.js';
import {
  assignPayment,
  assignPaymentBody,
  dismissPayment,
  dismissPaymentBody,
  listUnmatchedPayments,
  registerPayment,
  registerPaymentBody,
} from '#contracts/payments/payments.js';
import {
  dismissNotification,
  dismissNotificationBody,
  listQuarantinedNotifications,
} from '#contracts/payments/quarantined-notifications.js';
import { listMissingRefunds, listWaitingRefunds } from '#contracts/payments/refunds.js';
import { id } from '#contracts/wire.js';
import type { Identity } from '#identity/claims.js';
import { Caller, Command } from '../edge/admission/caller.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import type { RequestCommand } from '../edge/services/request-command.js';
import { Services } from '../edge/services/services.js';

/**
 * Payments that admins enter or assign by hand, which require an Idempotency-Key so that a double click moves money
 * once; and the quarantined notifications of providers, which a person has to review.
 */
@ApiTags('Admin: payments')
@Controller('admin/payments')
export class PaymentsController {
  constructor(private readonly services: Services) {}

  @Post()
  @Endpoint({
    summary: 'Register cash or a bank transfer',
    requests: registerPayment,
    roles: ['admin'],
    key: 'required',
    status: 201,
  })
  registerPayment(
    @Body({ schema: registerPaymentBody }) body: z.output<typeof registerPaymentBody>,
    @Command() command: RequestCommand,
  ) {
    return this.services.request(registerPayment, body, command);
  }

  @Get('unmatched')
  @Endpoint({ summary: 'List payments in suspense', requests: listUnmatchedPayments, roles: ['admin', 'ops'] })
  listUnmatchedPayments(@Query({ schema: unmatchedPaymentsQuery }) query: z.output<typeof unmatchedPaymentsQuery>) {
    return this.services.request(listUnmatchedPayments, query);
  }

  @Post('unmatched/:id/dismiss')
  @Endpoint({
    summary: 'Dismiss a payment in suspense that is not ours',
    requests: dismissPayment,
    roles: ['admin'],
    key: 'required',
  })
  dismissPayment(
    @Param('id', { schema: id }) paymentId: string,
    @Body({ schema: dismissPaymentBody }) { note }: z.output<typeof dismissPaymentBody>,
    @Caller() caller: Identity,
    @Command() command: RequestCommand,
  ) {
    const request = { payment_id: paymentId, note, dismissed_by: caller.subject };
    return this.services.request(dismissPayment, request, command);
  }

  @Post('unmatched/:id/assign')
  @Endpoint({
    summary: 'Assign a payment in suspense to a person, and to an order of theirs',
    requests: assignPayment,
    roles: ['admin'],
    key: 'required',
  })
  assignPayment(
    @Param('id', { schema: id }) paymentId: string,
    @Body({ schema: assignPaymentBody }) body: z.output<typeof assignPaymentBody>,
    @Caller() caller: Identity,
    @Command() command: RequestCommand,
  ) {
    const request = { payment_id: paymentId, ...body, assigned_by: caller.subject };
    return this.services.request(assignPayment, request, command);
  }

  @Get('waiting-refunds')
  @Endpoint({
    summary: 'List refunds and disputes that wait for their payment',
    requests: listWaitingRefunds,
    roles: ['admin', 'ops'],
  })
  listWaitingRefunds(@Query({ schema: waitingRefundsQuery }) paging: z.output<typeof waitingRefundsQuery>) {
    return this.services.request(listWaitingRefunds, paging);
  }

  @Get('missing-refunds')
  @Endpoint({
    summary: 'List payments of which a provider counts unknown refunds',
    requests: listMissingRefunds,
    roles: ['admin', 'ops'],
  })
  listMissingRefunds(@Query({ schema: missingRefundsQuery }) paging: z.output<typeof missingRefundsQuery>) {
    return this.services.request(listMissingRefunds, paging);
  }

  @Get('quarantined')
  @Endpoint({
    summary: 'List quarantined notifications of providers',
    requests: listQuarantinedNotifications,
    roles: ['admin', 'ops'],
  })
  listQuarantinedNotifications(@Query({ schema: quarantinedQuery }) query: z.output<typeof quarantinedQuery>) {
    return this.services.request(listQuarantinedNotifications, query);
  }

  @Post('quarantined/:id/dismiss')
  @Endpoint({
    summary: 'Dismiss a quarantined notification',
    requests: dismissNotification,
    roles: ['admin', 'ops'],
    key: 'optional',
  })
  dismissNotification(
    @Param('id', { schema: id }) notificationId: string,
    @Body({ schema: dismissNotificationBody }) { note }: z.output<typeof dismissNotificationBody>,
    @Caller() caller: Identity,
    @Command() command: RequestCommand,
  ) {
    const request = { notification_id: notificationId, note, dismissed_by: caller.subject };
    return this.services.request(dismissNotification, request, command);
  }
}
