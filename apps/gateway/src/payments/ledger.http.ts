import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { getTrialBalance } from '#contracts/payments/accounts.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import { Services } from '../edge/services/services.js';

@ApiTags('Admin: payments')
@Controller('admin/ledger')
export class LedgerController {
  constructor(private readonly services: Services) {}

  @Get('trial-balance')
  @Endpoint({ summary: 'Get the trial balance of the ledger', requests: getTrialBalance, roles: ['admin', 'ops'] })
  getTrialBalance() {
    return this.services.request(getTrialBalance, {});
  }
}
