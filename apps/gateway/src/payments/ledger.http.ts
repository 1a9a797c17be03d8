import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { accountId, ledgerAccountsQuery, ledgerEntriesQuery } from '#contracts/http.js';
import { getTrialBalance } from '#contracts/payments/accounts.js';
import { getTransfer, listLedgerAccounts, listLedgerEntries } from '#contracts/payments/ledger.js';
import { findNames } from '#contracts/subscriptions/names.js';
import { id } from '#contracts/wire.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import { Names } from '../edge/services/names.js';
import { Services } from '../edge/services/services.js';
import { withOwners } from './owners.js';

@ApiTags('Admin: ledger')
@Controller('admin/ledger')
export class LedgerController {
  constructor(
    private readonly services: Services,
    private readonly names: Names,
  ) {}

  @Get('trial-balance')
  @Endpoint({ summary: 'Get the trial balance of the ledger', requests: getTrialBalance, roles: ['admin', 'ops'] })
  getTrialBalance() {
    return this.services.request(getTrialBalance, {});
  }

  @Get('accounts')
  @Endpoint({
    summary: 'List the accounts of the ledger',
    requests: [listLedgerAccounts, findNames],
    roles: ['admin', 'ops'],
  })
  async listLedgerAccounts(@Query({ schema: ledgerAccountsQuery }) query: z.output<typeof ledgerAccountsQuery>) {
    const page = await this.services.request(listLedgerAccounts, query);
    return { ...page, items: await withOwners(this.names, page.items) };
  }

  @Get('accounts/:id/entries')
  @Endpoint({
    summary: 'List the entries of an account of the ledger',
    requests: [listLedgerEntries, findNames],
    roles: ['admin', 'ops'],
  })
  async listLedgerEntries(
    @Param('id', { schema: accountId }) account: number,
    @Query({ schema: ledgerEntriesQuery }) query: z.output<typeof ledgerEntriesQuery>,
  ) {
    const page = await this.services.request(listLedgerEntries, { ...query, account_id: account });
    const others = page.items.map(({ other_account: other }) => other);
    const [named, ...owners] = await withOwners(this.names, [page.account, ...others]);
    const items = page.items.map((entry, index) => ({ ...entry, other_account: owners[index] }));
    return { ...page, items, account: named };
  }

  @Get('transfers/:id')
  @Endpoint({ summary: 'Get a transfer of the ledger', requests: [getTransfer, findNames], roles: ['admin', 'ops'] })
  async getTransfer(@Param('id', { schema: id }) transferId: string) {
    const transfer = await this.services.request(getTransfer, { transfer_id: transferId });
    const [from, to] = await withOwners(this.names, [transfer.from, transfer.to]);
    return { ...transfer, from, to };
  }
}
