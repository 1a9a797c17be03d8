import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  getCodeRefusals,
  getDecisionReceipt,
  listDecisionReceipts,
  listPersonReceipts,
  simulateCode,
} from '#contracts/promotions/decision-receipts.js';
import type { QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { ListPersonReceipts } from './list-person-receipts.js';
import { ListReceipts } from './list-receipts.js';
import { ReadReceipt } from './read-receipt.js';
import { ReadRefusals } from './refusals/read-refusals.js';
import { SimulateCode } from './simulate-code.js';

/** Why codes were allowed and refused, and whether they would be. */
@Controller()
export class DecisionsConsumer {
  constructor(
    private readonly receipts: ListReceipts,
    private readonly receipt: ReadReceipt,
    private readonly ofPersons: ListPersonReceipts,
    private readonly refusals: ReadRefusals,
    private readonly simulation: SimulateCode,
  ) {}

  @MessagePattern<string>(listDecisionReceipts.type)
  listDecisionReceipts(
    @Payload(batchOf(listDecisionReceipts)) batch: QueryOf<typeof listDecisionReceipts>[],
  ): Promise<ReplyOf<typeof listDecisionReceipts>[]> {
    return answerEach(batch, ({ data }) => this.receipts.execute(data));
  }

  @MessagePattern<string>(getDecisionReceipt.type)
  getDecisionReceipt(
    @Payload(batchOf(getDecisionReceipt)) batch: QueryOf<typeof getDecisionReceipt>[],
  ): Promise<ReplyOf<typeof getDecisionReceipt>[]> {
    return answerEach(batch, ({ data }) => this.receipt.execute(data));
  }

  @MessagePattern<string>(listPersonReceipts.type)
  listPersonReceipts(
    @Payload(batchOf(listPersonReceipts)) batch: QueryOf<typeof listPersonReceipts>[],
  ): Promise<ReplyOf<typeof listPersonReceipts>[]> {
    return answerEach(batch, ({ data }) => this.ofPersons.execute(data));
  }

  @MessagePattern<string>(getCodeRefusals.type)
  getCodeRefusals(
    @Payload(batchOf(getCodeRefusals)) batch: QueryOf<typeof getCodeRefusals>[],
  ): Promise<ReplyOf<typeof getCodeRefusals>[]> {
    return answerEach(batch, ({ data }) => this.refusals.execute(data));
  }

  @MessagePattern<string>(simulateCode.type)
  simulateCode(
    @Payload(batchOf(simulateCode)) batch: QueryOf<typeof simulateCode>[],
  ): Promise<ReplyOf<typeof simulateCode>[]> {
    return answerEach(batch, ({ data }) => this.simulation.execute(data));
  }
}
