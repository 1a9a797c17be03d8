import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { RequestContract } from '#contracts/contract.js';
import { RpcClient } from '#messaging/requests/rpc-client.js';
import { GatewaySettings } from '../gateway.config.js';

/** The services behind the gateway. None is waited for longer than the settings say. */
@Injectable()
export class Services {
  constructor(
    private readonly rpc: RpcClient,
    private readonly settings: GatewaySettings,
  ) {}

  /**
   * @param commandId the same for every repeat of a command
   * @throws Refusal when the service says no; ServiceUnavailable when it is down, too slow or overloaded
   */
  request<Request extends z.ZodType, Response extends z.ZodType>(
    contract: RequestContract<Request, Response>,
    request: z.input<Request>,
    commandId?: string,
  ): Promise<z.output<Response>> {
    return this.rpc.request(contract, request, { commandId, timeoutMs: this.settings.rpcTimeoutMs });
  }
}
