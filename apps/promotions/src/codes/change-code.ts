import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { changePromoCode } from '#contracts/promotions/promo-codes.js';
import { promoCodeDeactivated } from '#contracts/promotions/promo-redemptions.js';
import { Clock } from '#kernel/clock.js';
import { canonicalJson } from '#kernel/ids.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { newEvent, Outbox } from '#messaging/publishing/outbox.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { sequentially } from '#messaging/requests/sequentially.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { type CodeView, changedTerms, codeView, differences } from './code-view.js';
import { CodesStore } from './codes.store.js';
import { changeCode, checkPersons, checkVersion, codeNotFound, type PromoCode } from './domain/code.js';

type Request = RequestOf<typeof changePromoCode>;

/** The most persons that the audit trail shows of one change; a list holds no more. */
const listedMax = 1_000;

/**
 * Changes codes under their locks. Redemptions take the same locks, so each sees the code before the change or after.
 */
@Injectable()
export class ChangeCode {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly codes: CodesStore,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Command<Request>[]): Promise<Reply<CodeView>[]> {
    return this.transactions.run((tx) =>
      this.commands.answer(tx, batch, async (fresh) => {
        const locked = await this.codes.lock(
          tx,
          fresh.map(({ data }) => data.code_id),
        );
        return sequentially(fresh, async (command) => {
          const changed = await this.change(tx, locked.get(command.data.code_id), command);
          locked.set(changed.id, changed);
          return codeView(changed, this.clock.now());
        });
      }),
    );
  }

  private async change(tx: Tx, code: PromoCode | undefined, command: Command<Request>): Promise<PromoCode> {
    if (!code) throw codeNotFound();
    const { code_id: _, changed_by: changedBy, version, persons, ...change } = command.data;
    checkVersion(code, version);
    const terms = changedTerms(code, change);
    const changed = changeCode(code, terms, this.clock.now());
    const listed = await this.codes.listed(tx, code.id, listedMax);
    const wanted = terms.audience === 'listed' ? [...new Set(persons ?? listed)].sort() : [];
    checkPersons(terms.audience, persons ?? []);
    const { before, after } = differences(code, changed);
    if (canonicalJson(listed) !== canonicalJson(wanted)) {
      Object.assign(before, { persons: listed });
      Object.assign(after, { persons: wanted });
      await this.codes.setPersons(tx, [{ codeId: code.id, persons: wanted }]);
    }
    // The request repeats what the code states already: no new version.
    if (Object.keys(after).length === 0) return code;
    await this.codes.save(tx, changed);
    await this.codes.addChange(tx, {
      codeId: code.id,
      version: changed.version,
      changedBy,
      at: changed.updatedAt,
      before,
      after,
    });
    if (changed.autoDeactivatedAt && !code.autoDeactivatedAt) await this.publishDeactivated(tx, changed, command);
    return changed;
  }

  /** Lowering the limit to the number of uses deactivates the code, as its last use would have. */
  private publishDeactivated(tx: Tx, code: PromoCode, cause: Command<Request>): Promise<void> {
    const data = {
      code_id: code.id,
      code: code.code,
      reason: 'max_uses_reached' as const,
      used: code.used,
      max_uses: code.maxUses ?? code.used,
      deactivated_at: code.updatedAt.toString(),
    };
    return this.outbox.add(tx, [newEvent(promoCodeDeactivated, { subject: code.id, data, cause })]);
  }
}
