import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { listParameterTypes, saveParameterType } from '#contracts/subscriptions/rules.js';
import type { CommandOf, QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { mapPage } from '#persistence/paging.js';
import { parameterTypeView } from './parameter-type-view.js';
import { ParameterTypesStore } from './parameter-types.store.js';
import { SaveParameterType } from './save-parameter-type.js';

@Controller()
export class ParameterTypesConsumer {
  constructor(
    private readonly saving: SaveParameterType,
    private readonly types: ParameterTypesStore,
  ) {}

  @MessagePattern<string>(saveParameterType.type)
  saveParameterType(
    @Payload(batchOf(saveParameterType)) batch: CommandOf<typeof saveParameterType>[],
  ): Promise<ReplyOf<typeof saveParameterType>[]> {
    return this.saving.execute(batch);
  }

  @MessagePattern<string>(listParameterTypes.type)
  listParameterTypes(
    @Payload(batchOf(listParameterTypes)) batch: QueryOf<typeof listParameterTypes>[],
  ): Promise<ReplyOf<typeof listParameterTypes>[]> {
    return answerEach(batch, async ({ data }) => mapPage(await this.types.list(data), parameterTypeView));
  }
}
