import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { accountQuery, entriesQuery } from '#contracts/http.js';
import { getAccount, listAccountEntries } from '#contracts/payments/accounts.js';
import { findNames } from '#contracts/subscriptions/names.js';
import { id } from '#contracts/wire.js';
import { assertOwner, Caller, type CallerIdentity } from '../edge/admission/caller.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import { Names } from '../edge/services/names.js';
import { Services } from '../edge/services/services.js';

@ApiTags('Accounts')
@Controller('persons/:id/account')
export class AccountsController {
  constructor(
    private readonly services: Services,
    private readonly names: Names,
  ) {}

  @Get()
  @Endpoint({
    summary: 'Get the balances of a person, now or at a past instant',
    requests: getAccount,
    roles: ['member', 'admin', 'ops'],
    refusals: ['PERSON_NOT_FOUND'],
  })
  getAccount(
    @Param('id', { schema: id }) personId: string,
    @Query({ schema: accountQuery }) { at }: z.output<typeof accountQuery>,
    @Caller() caller: CallerIdentity,
  ) {
    assertOwner(caller, personId);
    return this.services.request(getAccount, { person_id: personId, at });
  }

  @Get('entries')
  @Endpoint({
    summary: 'List the entries of a person’s account',
    requests: [listAccountEntries, findNames],
    roles: ['member', 'admin', 'ops'],
    refusals: ['PERSON_NOT_FOUND'],
  })
  async listAccountEntries(
    @Param('id', { schema: id }) personId: string,
    @Query({ schema: entriesQuery }) query: z.output<typeof entriesQuery>,
    @Caller() caller: CallerIdentity,
  ) {
    assertOwner(caller, personId);
    const page = await this.services.request(listAccountEntries, { person_id: personId, ...query });
    const { orders } = await this.names.of({ orders: page.items.map(({ order_id: order }) => order) });
    const items = page.items.map((entry) => {
      const title = entry.order_id === null ? undefined : orders.get(entry.order_id);
      return { ...entry, ...(title !== undefined && { class_title: title }) };
    });
    return { ...page, items };
  }
}
