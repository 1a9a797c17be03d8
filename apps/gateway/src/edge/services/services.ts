import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { RequestContract } from '#contracts/contract.js';
import { assert } from '#kernel/assert.js';
import { RpcClient } from '#messaging/requests/rpc-client.js';
import { GatewaySettings } from '../../gateway.config.js';
import type { RequestCommand } from './request-command.js';

/** Sends requests to the services behind the gateway, with the timeout of the settings. */
@Injectable()
export class Services {
  constructor(
    private readonly rpc: RpcClient,
    private readonly settings: GatewaySettings,
  ) {}

  /**
   * The response of a service.
   * @param command of a request that changes something. A repeat has the same id. The time of a replay is set in it.
   * @throws Refusal of the service; ServiceUnavailable when it is down, too slow or overloaded
   */
  request<Request extends z.ZodType, Response extends z.ZodType>(
    contract: RequestContract<Request, Response>,
    request: z.input<Request>,
    command?: RequestCommand,
  ): Promise<z.output<Response>> {
    assert(contract.kind === 'query' || command, `${contract.type} is sent with the command of the request`);
    return this.rpc.request(contract, request, {
      commandId: command?.id,
      author: command?.author,
      timeoutMs: this.settings.rpcTimeoutMs,
      onReplay: (firstAnsweredAt) => {
        if (command) command.firstAnsweredAt ??= firstAnsweredAt;
      },
    });
  }
}
