import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  changeParameterType,
  checkParameterType,
  getParameterType,
  listParameterTypes,
  saveParameterType,
} from '#contracts/subscriptions/parameter-types.js';
import type { CommandOf, QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { mapPage } from '#persistence/paging.js';
import { ChangeParameterType } from './change-parameter-type.js';
import { checkOf } from './check-parameter-type.js';
import { parameterTypeView } from './parameter-type-view.js';
import { ParameterTypesStore } from './parameter-types.store.js';
import { SaveParameterType } from './save-parameter-type.js';

@Controller()
export class ParameterTypesConsumer {
  constructor(
    private readonly saving: SaveParameterType,
    private readonly changing: ChangeParameterType,
    private readonly types: ParameterTypesStore,
  ) {}

  @MessagePattern<string>(saveParameterType.type)
  saveParameterType(
    @Payload(batchOf(saveParameterType)) batch: CommandOf<typeof saveParameterType>[],
  ): Promise<ReplyOf<typeof saveParameterType>[]> {
    return this.saving.execute(batch);
  }

  @MessagePattern<string>(changeParameterType.type)
  changeParameterType(
    @Payload(batchOf(changeParameterType)) batch: CommandOf<typeof changeParameterType>[],
  ): Promise<ReplyOf<typeof changeParameterType>[]> {
    return this.changing.execute(batch);
  }

  @MessagePattern<string>(getParameterType.type)
  getParameterType(
    @Payload(batchOf(getParameterType)) batch: QueryOf<typeof getParameterType>[],
  ): Promise<ReplyOf<typeof getParameterType>[]> {
    return answerEach(batch, async ({ data: { name } }) => parameterTypeView(await this.types.get(name)));
  }

  @MessagePattern<string>(checkParameterType.type)
  checkParameterType(
    @Payload(batchOf(checkParameterType)) batch: QueryOf<typeof checkParameterType>[],
  ): Promise<ReplyOf<typeof checkParameterType>[]> {
    return answerEach(batch, async ({ data }) => checkOf(data));
  }

  @MessagePattern<string>(listParameterTypes.type)
  listParameterTypes(
    @Payload(batchOf(listParameterTypes)) batch: QueryOf<typeof listParameterTypes>[],
  ): Promise<ReplyOf<typeof listParameterTypes>[]> {
    return answerEach(batch, async ({ data }) => mapPage(await this.types.list(data), parameterTypeView));
  }
}
