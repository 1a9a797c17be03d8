import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import { foldCode } from '#contracts/fold-code.js';
import type { applyCode } from '#contracts/promo-applications.js';
import { assert } from '#kernel/assert.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { TransientFault } from '#messaging/faults.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { AdmitRedemptions } from '../redemptions/admitting/admit-redemptions.js';
import { DiscloseRefusals, type PreciseRefusal } from '../redemptions/admitting/disclose-refusals.js';
import { RedemptionsStore } from '../redemptions/redemptions.store.js';
import { ApplicationsStore, keyOf, type Pair } from './applications.store.js';
import type { Application } from './domain/application.js';
import type { HeldCodeView } from './domain/held-code.js';
import { ReadHeldCodes } from './read-held-codes.js';

type ApplyCommand = Command<RequestOf<typeof applyCode>>;

/** Somebody wants a code, or what they say is one: then its id leads nowhere. */
interface Wanted extends Pair {
  readonly cause: ApplyCommand;
  readonly isKnown: boolean;
}

/**
 * Persons take bonus codes. The row of the application is there first, so that a code is taken once, whoever asks at
 * the same moment; it goes away again when the code does not let them. Codes that do not exist take the same way, so
 * that neither the answer nor its time tells which do.
 */
@Injectable()
export class ApplyCodes {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly applications: ApplicationsStore,
    private readonly redemptions: RedemptionsStore,
    private readonly admitRedemptions: AdmitRedemptions,
    private readonly discloseRefusals: DiscloseRefusals,
    private readonly readHeldCodes: ReadHeldCodes,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly ApplyCommand[]): Promise<Reply<HeldCodeView>[]> {
    return this.transactions.run((tx) => this.commands.answer(tx, batch, (fresh) => this.apply(tx, fresh)));
  }

  private async apply(tx: Tx, fresh: readonly ApplyCommand[]): Promise<Reply<HeldCodeView>[]> {
    const wanted = await this.wanted(tx, fresh);
    const at = this.clock.now();
    const added = new Set((await this.applications.add(tx, wanted, at)).map(keyOf));
    const before = new Map((await this.applications.lock(tx, wanted)).map((one) => [keyOf(one), one]));
    // Of several that want the same, the first one asks.
    const asking = wanted.filter(
      (one, index) =>
        wanted.findIndex((other) => keyOf(other) === keyOf(one)) === index &&
        (added.has(keyOf(one)) || before.get(keyOf(one))?.state === 'spent'),
    );
    const refusals = await this.admit(tx, asking, at);
    await this.applications.remove(
      tx,
      asking.filter((one) => refusals.has(keyOf(one)) && added.has(keyOf(one))),
    );
    const refused = wanted.filter((one) => refusals.has(keyOf(one)));
    const disclosed = await this.discloseRefusals.execute(
      tx,
      refused.map((one) => refusals.get(keyOf(one)) as PreciseRefusal),
    );
    const views = await this.readHeldCodes.of(
      tx,
      wanted.filter((one) => !refusals.has(keyOf(one))),
    );
    return wanted.map((one): Reply<HeldCodeView> => {
      const precise = refusals.get(keyOf(one));
      if (!precise) return { answer: views.shift() as HeldCodeView };
      const { visible_to: visibleTo } = one.cause.data;
      const forStrangers = disclosed[refused.indexOf(one)];
      return { refusal: visibleTo === null ? precise.refusal : (forStrangers ?? precise.refusal) };
    });
  }

  private async wanted(tx: Tx, fresh: readonly ApplyCommand[]): Promise<Wanted[]> {
    const folded = fresh.map(({ data }) => foldCode(data.promo_code));
    const rules = await this.redemptions.findRules(tx, folded, []);
    return fresh.map((cause, index) => {
      const found = rules.get(folded[index] as string);
      return { codeId: found?.id ?? newId(), personId: cause.data.person_id, cause, isKnown: found !== undefined };
    });
  }

  /** Why not, by application; the others are taken. */
  private async admit(tx: Tx, asking: readonly Wanted[], at: Temporal.Instant): Promise<Map<string, PreciseRefusal>> {
    const admissions = await this.admitRedemptions.execute(
      tx,
      asking.map(({ codeId, personId, cause, isKnown }) => ({
        stage: 'apply',
        codes: [isKnown ? { id: codeId } : { written: cause.data.promo_code }],
        personId,
        offerId: null,
        amountMinor: null,
        currency: null,
        cause,
      })),
    );
    const refusals = new Map<string, PreciseRefusal>();
    const taken: Application[] = [];
    for (const [index, one] of asking.entries()) {
      const admission = admissions[index];
      assert(admission, 'each request has its admission');
      if ('refusal' in admission) {
        refusals.set(keyOf(one), { ...admission, personId: one.personId });
        continue;
      }
      if (!one.isKnown) throw new TransientFault('a code was made while somebody asked for it');
      const redemptionId = admission.redemptions[0]?.redemptionId ?? null;
      taken.push({ codeId: one.codeId, personId: one.personId, appliedAt: at, redemptionId, state: 'applied' });
    }
    await this.applications.save(tx, taken);
    return refusals;
  }
}
