import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { getPublisherCode, listPublisherCodes } from '#contracts/promotions/publisher-codes.js';
import { Clock } from '#kernel/clock.js';
import { OffersStore } from '../../offers/offers.store.js';
import { CodesStore } from '../codes.store.js';
import { codeNotFound } from '../domain/code.js';
import { filterOf } from '../read-codes.js';
import { publisherView } from './publisher-view.js';

/** Reads codes for publishers: only their own. */
@Injectable()
export class ReadPublisherCodes {
  constructor(
    private readonly codes: CodesStore,
    private readonly offers: OffersStore,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal PROMO_CODE_NOT_FOUND */
  async one({ code_id: id, owned_by: owner }: RequestOf<typeof getPublisherCode>) {
    const code = await this.codes.find(id);
    if (code?.ownerId !== owner) throw codeNotFound();
    return publisherView(code, await this.offers.names(code.offers), this.clock.now());
  }

  async list({ owned_by: owner, ...request }: RequestOf<typeof listPublisherCodes>) {
    const found = await this.codes.list(filterOf({ ...request, owner_id: owner }), request);
    const names = await this.offers.names(found.items.flatMap(({ offers }) => offers));
    const now = this.clock.now();
    return { ...found, items: found.items.map((code) => publisherView(code, names, now)) };
  }
}
