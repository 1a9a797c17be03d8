import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { changeParameterType } from '#contracts/subscriptions/parameter-types.js';
import { Clock } from '#kernel/clock.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { sequentially } from '#messaging/requests/sequentially.js';
import { Transactions } from '#persistence/transaction.js';
import { checkPresentation } from './domain/parameter-schema.js';
import { type ParameterTypeView, parameterTypeView } from './parameter-type-view.js';
import { ParameterTypesStore } from './parameter-types.store.js';

/**
 * Changes the presentation of parameter types.
 * Refuses SCHEMA_INVALID, PARAMETER_TYPE_NOT_FOUND, PARAMETER_TYPE_CHANGED.
 */
@Injectable()
export class ChangeParameterType {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly types: ParameterTypesStore,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Command<RequestOf<typeof changeParameterType>>[]): Promise<Reply<ParameterTypeView>[]> {
    return this.transactions.run((tx) =>
      this.commands.answer(tx, batch, (fresh) =>
        sequentially(fresh, async ({ data: { name, version, ui_schema: uiSchema } }) => {
          checkPresentation(uiSchema);
          const changed = await this.types.present(tx, { name, version, uiSchema }, this.clock.now());
          return parameterTypeView(changed);
        }),
      ),
    );
  }
}
