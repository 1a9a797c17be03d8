import { Injectable } from '@nestjs/common';
import { zip } from '#kernel/zip.js';
import type { Reply } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { discloseRefusals } from '../redemptions/admitting/disclose-refusals.js';
import { RedemptionsStore } from '../redemptions/redemptions.store.js';
import { AdmitApplications, type ApplyCommand } from './admit-applications.js';
import type { HeldCodeView } from './domain/held-code.js';
import { ReadHeldCodes } from './read-held-codes.js';

/** Applies bonus codes for persons: each once, and again after its hold was redeemed. */
@Injectable()
export class ApplyCodes {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly admitApplications: AdmitApplications,
    private readonly redemptions: RedemptionsStore,
    private readonly readHeldCodes: ReadHeldCodes,
  ) {}

  execute(batch: readonly ApplyCommand[]): Promise<Reply<HeldCodeView>[]> {
    return this.transactions.run((tx) => this.commands.answer(tx, batch, (fresh) => this.apply(tx, fresh)));
  }

  private async apply(tx: Tx, fresh: readonly ApplyCommand[]): Promise<Reply<HeldCodeView>[]> {
    const applications = await this.admitApplications.execute(tx, fresh);
    const refused = applications.flatMap(({ command, refusal }) => (refusal ? [{ command, ...refusal }] : []));
    const disclosed = new Map(
      zip(refused, await discloseRefusals(tx, this.redemptions, refused)).map(
        ([{ command, refusal }, toPerson]) => [command, command.data.visible_to === null ? refusal : toPerson] as const,
      ),
    );
    const applied = applications.filter(({ refusal }) => refusal === null);
    const views = new Map(
      zip(applied, await this.readHeldCodes.of(tx, applied)).map(([{ command }, view]) => [command, view] as const),
    );
    return fresh.map((command): Reply<HeldCodeView> => {
      const refusal = disclosed.get(command);
      return refusal ? { refusal } : { answer: views.get(command) as HeldCodeView };
    });
  }
}
