import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import { foldCode } from '#contracts/fold-code.js';
import type { validateCodes } from '#contracts/promo-uses.js';
import { Clock } from '#kernel/clock.js';
import type { Refusal } from '#kernel/refusal.js';
import type { Query, Reply } from '#messaging/envelope.js';
import { Transactions } from '#persistence/transaction.js';
import { hoursOf } from '../codes/domain/active-hours.js';
import { promiseOf } from '../codes/domain/benefit.js';
import { closingOf } from '../codes/domain/openings.js';
import { offerIdOf } from '../offers/domain/offer.js';
import type { Ask, Judged } from './asking.js';
import { DiscloseRefusals } from './disclose-refusals.js';
import { JudgeAsks } from './judge-asks.js';
import { limitRefusal, refusalOf, strangersRefusal } from './refusals.js';
import type { Terms } from './terms.js';
import { type Room, UsesStore } from './uses.store.js';

type Request = RequestOf<typeof validateCodes>;
type Verdict = ResponseOf<typeof validateCodes>;

interface Refused {
  readonly refusal: Refusal;
  readonly terms: Terms | null;
}

/**
 * Says what codes would give, or why not, and takes nothing. A bonus code that the person has taken is looked at as
 * their conversion would use it: its hours were met then, and a slot that is kept for them is theirs. The statements
 * are the same whatever is asked, so that the time of an answer does not tell which codes exist.
 */
@Injectable()
export class ValidateCodes {
  constructor(
    private readonly transactions: Transactions,
    private readonly judgeAsks: JudgeAsks,
    private readonly uses: UsesStore,
    private readonly discloseRefusals: DiscloseRefusals,
    private readonly clock: Clock,
  ) {}

  async execute(batch: readonly Query<Request>[]): Promise<Reply<Verdict>[]> {
    const now = this.clock.now();
    const taken = await this.uses.taken(
      this.transactions,
      batch.flatMap(({ data }) =>
        data.codes.map((written) => ({ folded: foldCode(written), personId: data.person_id })),
      ),
    );
    const asks = batch.map(({ data }) => askOf(data, taken));
    const judgements = await this.judgeAsks.execute(this.transactions, asks, now);
    const wanted = asks.flatMap(({ personId, offerId, takes }, index) =>
      (judgements[index] as Judged[]).map(({ terms, benefit }) => ({
        codeId: terms?.id ?? null,
        personId,
        offerId,
        benefitMinor: benefit.benefitMinor,
        hasSlot: typeof takes === 'string',
      })),
    );
    const rooms = await this.uses.rooms(this.transactions, wanted);
    let from = 0;
    const refused = judgements.map((judged) => {
      const own = rooms.slice(from, from + judged.length);
      from += judged.length;
      return refusalAmong(judged, own);
    });
    const disclosed = await this.discloseRefusals.execute(
      this.transactions,
      batch.map(({ data }, index) => {
        const { refusal, terms } = refused[index] ?? none;
        return { refusal, codeId: terms?.id ?? null, personId: data.person_id };
      }),
    );
    return batch.map(({ data }, index): Reply<Verdict> => {
      const objection = refused[index];
      if (!objection) return { answer: usable(judgements[index] as Judged[], data, now) };
      const { code, message, details } = heardBy(data, objection, disclosed[index] as Refusal);
      return {
        answer: {
          usable: false,
          uses: [],
          benefit_minor: null,
          refusal: { code, message, details } as Verdict['refusal'],
        },
      };
    });
  }
}

/** Asked about in place of a refusal where there is none. */
const none: Refused = { refusal: refusalOf('PROMO_CODE_UNKNOWN'), terms: null };

function askOf(data: Request, taken: Awaited<ReturnType<UsesStore['taken']>>): Ask & { readonly offerId: string } {
  // Bonuses come one by one.
  const [first, ...others] = data.codes.map((written) => taken.get(`${foldCode(written)} ${data.person_id}`));
  const own = others.length === 0 ? first : undefined;
  return {
    moment: own ? 'convert' : 'look',
    takes: own?.useId ?? null,
    codes: data.codes.map((written) => ({ written })),
    personId: data.person_id,
    offerId: offerIdOf(data.offer_id),
    amountMinor: data.amount_minor ?? null,
    currency: data.currency ?? null,
  };
}

function refusalAmong(judged: readonly Judged[], rooms: readonly (Room | null)[]): Refused | null {
  for (const { terms, written, objection } of judged) {
    if (!objection) continue;
    return { refusal: refusalOf(objection.code, { promo_code: terms?.code ?? written, ...objection.details }), terms };
  }
  for (const [index, { terms }] of judged.entries()) {
    const met = rooms[index]?.met;
    if (met && terms) return { refusal: limitRefusal(met, terms), terms };
  }
  return null;
}

/** Publishers must not learn whether the person holds the code, though it is looked up all the same. */
function heardBy(data: Request, { refusal, terms }: Refused, disclosed: Refusal): Refusal {
  if (seesAll(data, terms)) return refusal;
  return data.publisher_id === undefined ? disclosed : strangersRefusal();
}

function seesAll({ visible_to: visibleTo, publisher_id: publisherId }: Request, terms: Terms | null): boolean {
  return publisherId === undefined ? visibleTo === null : terms !== null && terms.ownerId === publisherId;
}

function usable(judged: readonly Judged[], { amount_minor: amountMinor }: Request, now: Temporal.Instant): Verdict {
  const isPriced = amountMinor !== undefined;
  const uses = judged.map(({ terms, benefit, currency }) => {
    const { code, kind, activeHours, days } = terms as Terms;
    const explanation = isPriced ? benefit.explanation : promiseOf(terms as Terms);
    return {
      code,
      kind,
      benefit_minor: isPriced ? benefit.benefitMinor : null,
      currency,
      explanation,
      closes_at: closingOf(hoursOf(activeHours, days), now)?.toString() ?? null,
    };
  });
  const total = judged.reduce((sum, { benefit }) => sum + benefit.benefitMinor, 0);
  return { usable: true, uses, benefit_minor: isPriced ? total : null, refusal: null };
}
