import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  correctPayment,
  correctPaymentBody,
  payOutBalance,
  payOutBody,
  reassignPayment,
  reassignPaymentBody,
  refundPayment,
  refundPaymentBody,
  writeOffBody,
  writeOffShortfall,
} from '#contracts/payments/corrections.js';
import { id } from '#contracts/wire.js';
import { Command } from '../edge/admission/caller.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import type { RequestCommand } from '../edge/services/request-command.js';
import { Services } from '../edge/services/services.js';

/** What admins correct of payments. Each requires an Idempotency-Key, so that a double click moves money once. */
@ApiTags('Admin: payments')
@Controller('admin/payments')
export class CorrectionsController {
  constructor(private readonly services: Services) {}

  @Post(':id/refunds')
  @Endpoint({
    summary: 'Register that cash or a bank transfer was given back',
    requests: refundPayment,
    roles: ['admin'],
    key: 'required',
    status: 201,
  })
  refundPayment(
    @Param('id', { schema: id }) paymentId: string,
    @Body({ schema: refundPaymentBody }) body: z.output<typeof refundPaymentBody>,
    @Command() command: RequestCommand,
  ) {
    return this.services.request(refundPayment, { ...body, payment_id: paymentId }, command);
  }

  @Post(':id/correct')
  @Endpoint({
    summary: 'Correct the amount of a payment that was registered by hand',
    requests: correctPayment,
    roles: ['admin'],
    key: 'required',
  })
  correctPayment(
    @Param('id', { schema: id }) paymentId: string,
    @Body({ schema: correctPaymentBody }) body: z.output<typeof correctPaymentBody>,
    @Command() command: RequestCommand,
  ) {
    return this.services.request(correctPayment, { ...body, payment_id: paymentId }, command);
  }

  @Post(':id/reassign')
  @Endpoint({
    summary: 'Move a payment to another person, and to an order of theirs',
    requests: reassignPayment,
    roles: ['admin'],
    key: 'required',
  })
  reassignPayment(
    @Param('id', { schema: id }) paymentId: string,
    @Body({ schema: reassignPaymentBody }) body: z.output<typeof reassignPaymentBody>,
    @Command() command: RequestCommand,
  ) {
    return this.services.request(reassignPayment, { ...body, payment_id: paymentId }, command);
  }
}

/** Money that goes back to persons from their accounts. */
@ApiTags('Admin: payments')
@Controller('admin/persons/:id/payouts')
export class PayoutsController {
  constructor(private readonly services: Services) {}

  @Post()
  @Endpoint({
    summary: 'Register that a balance was paid out',
    requests: payOutBalance,
    roles: ['admin'],
    key: 'required',
    status: 201,
  })
  payOutBalance(
    @Param('id', { schema: id }) personId: string,
    @Body({ schema: payOutBody }) body: z.output<typeof payOutBody>,
    @Command() command: RequestCommand,
  ) {
    return this.services.request(payOutBalance, { ...body, person_id: personId }, command);
  }
}

/** Open orders that are short by a small difference. */
@ApiTags('Admin: orders')
@Controller('admin/orders/:id/write-off')
export class WriteOffsController {
  constructor(private readonly services: Services) {}

  @Post()
  @Endpoint({
    summary: 'Write off what an order is short of',
    requests: writeOffShortfall,
    roles: ['admin'],
    key: 'required',
  })
  writeOffShortfall(
    @Param('id', { schema: id }) orderId: string,
    @Body({ schema: writeOffBody }) body: z.output<typeof writeOffBody>,
    @Command() command: RequestCommand,
  ) {
    return this.services.request(writeOffShortfall, { ...body, order_id: orderId }, command);
  }
}
