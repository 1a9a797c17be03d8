import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import { foldCode } from '#contracts/promotions/fold-code.js';
import type { validateCodes } from '#contracts/promotions/promo-redemptions.js';
import { Clock } from '#kernel/clock.js';
import type { Refusal } from '#kernel/refusal.js';
import type { Query, Reply } from '#messaging/envelope.js';
import { Transactions } from '#persistence/transaction.js';
import { hoursOf } from '../../codes/domain/active-hours.js';
import { promiseOf } from '../../codes/domain/benefit.js';
import { closingOf } from '../../codes/domain/openings.js';
import { offerIdOf } from '../../offers/domain/offer.js';
import { discloseRefusals } from '../admitting/disclose-refusals.js';
import { EvaluateRequests } from '../admitting/evaluate-requests.js';
import type { CodeRules } from '../domain/code-rules.js';
import { type EvaluatedCode, missingPersonId, type RedemptionRequest } from '../domain/redemption-request.js';
import { limitRefusal, refusalOf, undisclosedRefusal } from '../domain/refusals.js';
import { type LimitCheck, RedemptionsStore } from '../redemptions.store.js';

type Request = RequestOf<typeof validateCodes>;
type Verdict = ResponseOf<typeof validateCodes>;

interface Refused {
  readonly refusal: Refusal;
  readonly rules: CodeRules | null;
}

/**
 * Returns the benefits that codes would give, or the refusal, and takes nothing. A bonus code that the person applied
 * is evaluated as at a conversion: its hours were checked then, and its hold is available. The statements are the same
 * for each request, so that the response time does not disclose which codes exist.
 */
@Injectable()
export class ValidateCodes {
  constructor(
    private readonly transactions: Transactions,
    private readonly evaluateRequests: EvaluateRequests,
    private readonly redemptions: RedemptionsStore,
    private readonly clock: Clock,
  ) {}

  async execute(batch: readonly Query<Request>[]): Promise<Reply<Verdict>[]> {
    const now = this.clock.now();
    const taken = await this.redemptions.appliedBonusCodes(
      this.transactions,
      batch.flatMap(({ data }) =>
        data.codes.map((written) => ({ folded: foldCode(written), personId: personOf(data) })),
      ),
    );
    const requests = batch.map(({ data }) => requestOf(data, taken));
    const evaluations = await this.evaluateRequests.execute(this.transactions, requests, now);
    const wanted = requests.flatMap(({ personId, offerId, redeemsHold }, index) =>
      (evaluations[index] as EvaluatedCode[]).map(({ rules, benefit }) => ({
        codeId: rules?.id ?? null,
        personId,
        offerId,
        benefitMinor: benefit.benefitMinor,
        hasSlot: typeof redeemsHold === 'string',
      })),
    );
    const limitChecks = await this.redemptions.limitChecks(this.transactions, wanted);
    let from = 0;
    const refused = evaluations.map((evaluated) => {
      const own = limitChecks.slice(from, from + evaluated.length);
      from += evaluated.length;
      return refusalAmong(evaluated, own);
    });
    const disclosed = await discloseRefusals(
      this.transactions,
      this.redemptions,
      batch.map(({ data }, index) => {
        const { refusal, rules } = refused[index] ?? notRefused;
        return { refusal, codeId: rules?.id ?? null, personId: personOf(data) };
      }),
    );
    return batch.map(({ data }, index): Reply<Verdict> => {
      const ineligibility = refused[index];
      if (!ineligibility) return { answer: usable(evaluations[index] as EvaluatedCode[], data, now) };
      const { code, message, details } = disclosedTo(data, ineligibility, disclosed[index] as Refusal);
      return {
        answer: {
          usable: false,
          benefits: [],
          benefit_minor: null,
          refusal: { code, message, details } as Verdict['refusal'],
        },
      };
    });
  }
}

/** Takes the place of a refusal where there is none, so that the statements are the same. */
const notRefused: Refused = { refusal: refusalOf('PROMO_CODE_UNKNOWN'), rules: null };

/**
 * The person that the codes are validated for. For a publisher it is nobody: a verdict says something about its person.
 */
function personOf({ person_id: personId, publisher_id: publisherId }: Request): string {
  return publisherId === undefined ? (personId ?? missingPersonId) : missingPersonId;
}

function requestOf(
  data: Request,
  taken: Awaited<ReturnType<RedemptionsStore['appliedBonusCodes']>>,
): RedemptionRequest & { readonly offerId: string } {
  const personId = personOf(data);
  // A bonus code cannot be combined with others.
  const [first, ...others] = data.codes.map((written) => taken.get(`${foldCode(written)} ${personId}`));
  const own = others.length === 0 && !data.for_order ? first : undefined;
  const stage = own ? 'convert' : 'look';
  return {
    stage: data.for_order ? 'hold' : stage,
    redeemsHold: own?.redemptionId ?? null,
    codes: data.codes.map((written) => ({ written })),
    personId,
    forNobody: personId === missingPersonId,
    offerId: offerIdOf(data.offer_id),
    amountMinor: data.amount_minor ?? null,
    currency: data.currency ?? null,
  };
}

function refusalAmong(
  evaluated: readonly EvaluatedCode[],
  limitChecks: readonly (LimitCheck | null)[],
): Refused | null {
  for (const { rules, written, ineligibility } of evaluated) {
    if (!ineligibility) continue;
    return {
      refusal: refusalOf(ineligibility.code, { promo_code: rules?.code ?? written, ...ineligibility.details }),
      rules,
    };
  }
  for (const [index, { rules }] of evaluated.entries()) {
    const limitReached = limitChecks[index]?.limitReached;
    if (limitReached && rules) return { refusal: limitRefusal(limitReached, rules), rules };
  }
  return null;
}

/** A publisher holds no code; the statement is run all the same. */
function disclosedTo(data: Request, { refusal, rules }: Refused, disclosed: Refusal): Refusal {
  if (seesAll(data, rules)) return refusal;
  return data.publisher_id === undefined ? disclosed : undisclosedRefusal();
}

function seesAll({ visible_to: visibleTo, publisher_id: publisherId }: Request, rules: CodeRules | null): boolean {
  return publisherId === undefined ? visibleTo === null : rules !== null && rules.ownerId === publisherId;
}

function usable(
  evaluated: readonly EvaluatedCode[],
  { amount_minor: amountMinor }: Request,
  now: Temporal.Instant,
): Verdict {
  const isPriced = amountMinor !== undefined;
  const benefits = evaluated.map(({ rules, benefit, currency }) => {
    const { code, kind, activeHours, days } = rules as CodeRules;
    const explanation = isPriced ? benefit.explanation : promiseOf(rules as CodeRules);
    return {
      code,
      kind,
      benefit_minor: isPriced ? benefit.benefitMinor : null,
      currency,
      explanation,
      closes_at: closingOf(hoursOf(activeHours, days), now)?.toString() ?? null,
    };
  });
  const total = evaluated.reduce((sum, { benefit }) => sum + benefit.benefitMinor, 0);
  return { usable: true, benefits, benefit_minor: isPriced ? total : null, refusal: null };
}
