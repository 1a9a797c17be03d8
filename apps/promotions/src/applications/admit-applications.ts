import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import { foldCode } from '#contracts/promotions/fold-code.js';
import type { applyCode } from '#contracts/promotions/promo-applications.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { zip } from '#kernel/zip.js';
import type { Command } from '#messaging/envelope.js';
import { TransientFault } from '#messaging/faults.js';
import type { Tx } from '#persistence/transaction.js';
import { AdmitRedemptions } from '../redemptions/admitting/admit-redemptions.js';
import type { PreciseRefusal } from '../redemptions/admitting/disclose-refusals.js';
import { RedemptionsStore } from '../redemptions/redemptions.store.js';
import { ApplicationsStore, keyOf, type Pair } from './applications.store.js';
import type { Application } from './domain/application.js';

export type ApplyCommand = Command<RequestOf<typeof applyCode>>;

/** A command and its application: the person, and the code or, where there is no such code, an id of its own. */
export interface WantedApplication extends Pair {
  readonly command: ApplyCommand;
  /** Null once the application exists. */
  readonly refusal: PreciseRefusal | null;
}

type Wanted = Omit<WantedApplication, 'refusal'> & { readonly codeExists: boolean };

/**
 * A step in the transaction of ApplyCodes. Inserts each application before it is admitted, so that two commands at once
 * apply a code once, and deletes it again when the code refuses. Codes that do not exist take the same statements, so
 * that neither the reply nor the response time discloses which exist.
 */
@Injectable()
export class AdmitApplications {
  constructor(
    private readonly applications: ApplicationsStore,
    private readonly redemptions: RedemptionsStore,
    private readonly admitRedemptions: AdmitRedemptions,
    private readonly clock: Clock,
  ) {}

  /** One for each command, in order. */
  async execute(tx: Tx, commands: readonly ApplyCommand[]): Promise<WantedApplication[]> {
    const wanted = await this.wantedBy(tx, commands);
    const at = this.clock.now();
    const added = new Set((await this.applications.add(tx, wanted, at)).map(keyOf));
    const before = new Map((await this.applications.lock(tx, wanted)).map((one) => [keyOf(one), one]));
    // Of several commands for the same application, the first one is admitted.
    const firsts = new Map<string, Wanted>();
    for (const one of wanted) if (!firsts.has(keyOf(one))) firsts.set(keyOf(one), one);
    const due = [...firsts].flatMap(([key, one]) =>
      added.has(key) || before.get(key)?.state === 'spent' ? [one] : [],
    );
    const refusals = await this.admit(tx, due, at);
    await this.applications.remove(
      tx,
      due.filter((one) => refusals.has(keyOf(one)) && added.has(keyOf(one))),
    );
    return wanted.map(({ codeId, personId, command }) => ({
      codeId,
      personId,
      command,
      refusal: refusals.get(keyOf({ codeId, personId })) ?? null,
    }));
  }

  private async wantedBy(tx: Tx, commands: readonly ApplyCommand[]): Promise<Wanted[]> {
    const rules = await this.redemptions.findRules(
      tx,
      commands.map(({ data }) => foldCode(data.promo_code)),
      [],
    );
    return commands.map((command) => {
      const found = rules.get(foldCode(command.data.promo_code));
      const codeExists = found !== undefined;
      return { codeId: found?.id ?? newId(), personId: command.data.person_id, command, codeExists };
    });
  }

  /** The refusals, by application. Stores the admitted applications. */
  private async admit(tx: Tx, due: readonly Wanted[], at: Temporal.Instant): Promise<Map<string, PreciseRefusal>> {
    const admissions = await this.admitRedemptions.execute(
      tx,
      due.map(({ codeId, personId, command, codeExists }) => ({
        stage: 'apply',
        codes: [codeExists ? { id: codeId } : { written: command.data.promo_code }],
        personId,
        offerId: null,
        amountMinor: null,
        currency: null,
        cause: command,
      })),
    );
    const refusals = new Map<string, PreciseRefusal>();
    const admitted: Application[] = [];
    for (const [one, admission] of zip(due, admissions)) {
      if ('refusal' in admission) {
        refusals.set(keyOf(one), { ...admission, personId: one.personId });
        continue;
      }
      if (!one.codeExists) throw new TransientFault('the code was created after its rules were read');
      const redemptionId = admission.redemptions[0]?.redemptionId ?? null;
      admitted.push({ codeId: one.codeId, personId: one.personId, appliedAt: at, redemptionId, state: 'applied' });
    }
    await this.applications.save(tx, admitted);
    return refusals;
  }
}
