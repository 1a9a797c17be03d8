import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { RequestContract } from '#contracts/contract.js';
import { RpcClient } from '#messaging/requests/rpc-client.js';
import { GatewaySettings } from '../../gateway.config.js';

/** Sends requests to the services behind the gateway, with the timeout of the settings. */
@Injectable()
export class Services {
  constructor(
    private readonly rpc: RpcClient,
    private readonly settings: GatewaySettings,
  ) {}

  /**
   * The response of a service.
   * @param commandId the same for every repeat of a command
   * @throws Refusal of the service; ServiceUnavailable when it is down, too slow or overloaded
   */
  request<Request extends z.ZodType, Response extends z.ZodType>(
    contract: RequestContract<Request, Response>,
    request: z.input<Request>,
    commandId?: string,
  ): Promise<z.output<Response>> {
    return this.rpc.request(contract, request, { commandId, timeoutMs: this.settings.rpcTimeoutMs });
  }
}
