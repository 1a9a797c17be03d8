import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { listHeldCodes } from '#contracts/promotions/promo-applications.js';
import { Clock } from '#kernel/clock.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { OffersStore } from '../offers/offers.store.js';
import { RedemptionsStore } from '../redemptions/redemptions.store.js';
import { ApplicationsStore, type HeldRow, type Pair } from './applications.store.js';
import { type HeldCodeView, heldCodeView } from './domain/held-code.js';

/** The bonus codes of persons, as they stand with them. */
@Injectable()
export class ReadHeldCodes {
  constructor(
    private readonly transactions: Transactions,
    private readonly applications: ApplicationsStore,
    private readonly redemptions: RedemptionsStore,
    private readonly offers: OffersStore,
    private readonly clock: Clock,
  ) {}

  async page(request: RequestOf<typeof listHeldCodes>): Promise<ResponseOf<typeof listHeldCodes>> {
    const { person_id: personId, ...paging } = request;
    const page = await this.applications.page(this.transactions, personId, paging);
    return { ...page, items: await this.views(this.transactions, page.items) };
  }

  /** One view for each of these pairs that is an application, in the order of the pairs. */
  async of(tx: Tx, pairs: readonly Pair[]): Promise<HeldCodeView[]> {
    return pairs.length === 0 ? [] : this.views(tx, await this.applications.held(tx, pairs));
  }

  private async views(sql: Pick<Tx, 'query' | 'kysely'>, rows: readonly HeldRow[]): Promise<HeldCodeView[]> {
    const rules = await this.redemptions.findRules(
      sql,
      [],
      rows.map(({ codeId }) => codeId),
    );
    const names = await this.offers.names(
      [...rules.values()].flatMap((one) => one.offers),
      sql,
    );
    const now = this.clock.now();
    return rows.flatMap(({ codeId, ...row }) => {
      const found = rules.get(codeId);
      return found ? [heldCodeView({ ...row, rules: found }, names, now)] : [];
    });
  }
}
