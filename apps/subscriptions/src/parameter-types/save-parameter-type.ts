import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { saveParameterType } from '#contracts/subscriptions/parameter-types.js';
import { Clock } from '#kernel/clock.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { sequentially } from '#messaging/requests/sequentially.js';
import { Transactions } from '#persistence/transaction.js';
import { acceptedSchema, checkPresentation } from './domain/parameter-schema.js';
import { type ParameterTypeView, parameterTypeView } from './parameter-type-view.js';
import { ParameterTypesStore } from './parameter-types.store.js';

/** Saves parameter types under new names. Refuses SCHEMA_INVALID, PARAMETER_TYPE_EXISTS. */
@Injectable()
export class SaveParameterType {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly types: ParameterTypesStore,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Command<RequestOf<typeof saveParameterType>>[]): Promise<Reply<ParameterTypeView>[]> {
    return this.transactions.run((tx) =>
      this.commands.answer(tx, batch, (fresh) =>
        sequentially(fresh, async ({ data: { name, schema, ui_schema: uiSchema } }) => {
          checkPresentation(uiSchema);
          acceptedSchema(schema);
          const type = { name, schema, uiSchema, version: 1, savedAt: this.clock.now(), changedAt: null };
          await this.types.add(tx, type);
          return parameterTypeView(type);
        }),
      ),
    );
  }
}
