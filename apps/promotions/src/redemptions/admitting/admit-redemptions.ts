import { Injectable } from '@nestjs/common';
import { assert } from '#kernel/assert.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import type { Refusal } from '#kernel/refusal.js';
import type { Tx } from '#persistence/transaction.js';
import { type CodeRules, holdEnd } from '../domain/code-rules.js';
import { type EvaluatedCode, isIneligible, type RedemptionRequest } from '../domain/redemption-request.js';
import { limitRefusal, refusalOf } from '../domain/refusals.js';
import { type AdmissionRequest, type AdmissionVerdict, RedemptionsStore } from '../redemptions.store.js';
import { EvaluateRequests } from './evaluate-requests.js';

interface AdmittedRedemption {
  readonly redemptionId: string;
  readonly codeId: string;
  readonly code: string;
  readonly benefitMinor: number;
  readonly currency: string | null;
  readonly explanation: string;
  /**
   * When its order expires at the latest; null for all but holds of orders, and where the code leaves it to the class.
   */
  readonly payBy: Temporal.Instant | null;
}

/**
 * A refusal with its precise reason, which only holders of the code may receive (disclose-refusals.ts). `codeId` is
 * null where there is no such code.
 */
interface Refused {
  readonly refusal: Refusal;
  readonly codeId: string | null;
}

/**
 * The redemptions, in the order in which the codes apply. `repeated` when the order or conversion had them before. A
 * code that counts on conversion has no redemption when it is applied.
 */
export interface Admitted {
  readonly redemptions: readonly AdmittedRedemption[];
  readonly repeated: boolean;
}

export type Admission = Admitted | Refused;

/** One ask, and what it requests for. */
interface RequestGroup {
  readonly evaluated: readonly EvaluatedCode[];
  readonly requests: readonly AdmissionRequest[];
}

const roundsMax = 10;

/** A transaction, or statements that commit by themselves. */
type Statements = Pick<Tx, 'query' | 'kysely'>;

/**
 * Admits requests in sets. First the rules decide, without a lock; then one call of the database decides by the
 * counters, under the locks of the codes, exactly as if the requests came one after the other. Requests whose code was
 * edited in between are evaluated again. Each decision has a receipt, in the same transaction.
 */
@Injectable()
export class AdmitRedemptions {
  constructor(
    private readonly evaluateRequests: EvaluateRequests,
    private readonly redemptions: RedemptionsStore,
    private readonly clock: Clock,
  ) {}

  /** One admission for each request, in order. `sql` is the transaction of the caller, or single statements. */
  async execute(sql: Statements, requests: readonly RedemptionRequest[]): Promise<Admission[]> {
    const keys = requests.map(keyOf);
    const firsts = new Map(keys.map((key, index) => [key, index] as const).reverse());
    const admissions = new Map<string, Admission>();
    let open = requests.flatMap((request, index) =>
      firsts.get(keys[index] as string) === index ? [[keys[index] as string, request] as const] : [],
    );
    for (let round = 1; open.length > 0; round += 1) {
      assert(round <= roundsMax, 'codes are edited faster than they can be read');
      const decided = await this.decide(
        sql,
        open.map(([, request]) => request),
        { anew: round > 1 },
      );
      const undecided: typeof open = [];
      for (const [index, entry] of open.entries()) {
        const admission = decided[index];
        if (admission) admissions.set(entry[0], admission);
        else undecided.push(entry);
      }
      open = undecided;
    }
    return keys.map((key, index) => {
      const admission = admissions.get(key) as Admission;
      return 'redemptions' in admission && firsts.get(key) !== index ? { ...admission, repeated: true } : admission;
    });
  }

  /** Null for a request whose codes were edited since they were read. */
  private async decide(
    sql: Statements,
    requests: readonly RedemptionRequest[],
    reading: { anew: boolean },
  ): Promise<(Admission | null)[]> {
    const now = this.clock.now();
    const evaluations = await this.evaluateRequests.execute(sql, requests, now, reading);
    const groups = requests.map((request, index) =>
      groupOf(request, index + 1, evaluations[index] as EvaluatedCode[], now),
    );
    const verdicts = await this.redemptions.admit(
      sql,
      groups.flatMap(({ requests }) => requests),
      now,
    );
    const admissions: (Admission | null)[] = [];
    let from = 0;
    for (const [index, group] of groups.entries()) {
      const own = verdicts.slice(from, from + group.requests.length);
      from += group.requests.length;
      if (own.some(({ verdict }) => verdict === 'CHANGED')) admissions.push(null);
      else if (own.some(({ verdict }) => verdict === 'REPEATED'))
        admissions.push(await this.first(sql, requests[index] as RedemptionRequest, group));
      else admissions.push(admissionOf(group, own));
    }
    return admissions;
  }

  /** The redemptions that this order or conversion has already. */
  private async first(sql: Statements, request: RedemptionRequest, { evaluated }: RequestGroup): Promise<Admitted> {
    const redemptions = request.orderId
      ? await this.redemptions.ofOrders(sql, [request.orderId])
      : await this.redemptions.ofConversions(sql, [
          { id: request.conversionId as string, sender: request.sender ?? null },
        ]);
    const codeIds = new Set(evaluated.map(({ rules }) => rules?.id));
    return { redemptions: redemptions.filter(({ codeId }) => codeIds.has(codeId)), repeated: true };
  }
}

/** Requests with the same key are repeats of one. */
function keyOf({ stage, orderId, conversionId, sender, codes }: RedemptionRequest, index: number): string {
  const target = orderId ?? conversionId;
  return target ? JSON.stringify([stage, target, sender ?? null, codes]) : String(index);
}

function groupOf(
  request: RedemptionRequest,
  group: number,
  evaluated: readonly EvaluatedCode[],
  now: Temporal.Instant,
): RequestGroup {
  const refused = isIneligible(evaluated);
  const requests = evaluated.map(
    ({ rules, written, evaluation, ineligibility, benefit, currency }): AdmissionRequest => {
      return {
        stage: request.stage,
        group,
        rules,
        written,
        receiptId: newId(),
        redemptionId: newId(),
        redeemsHold: request.redeemsHold ?? null,
        personId: request.personId,
        offerId: request.offerId,
        orderId: request.orderId ?? null,
        conversionId: request.conversionId ?? null,
        sender: request.sender ?? null,
        benefitMinor: benefit.benefitMinor,
        currency,
        priceMinor: request.amountMinor,
        revenueMinor: request.revenueMinor ?? 0,
        held: request.stage !== 'convert',
        counted: request.stage !== 'apply' || rules?.countsOn === 'apply',
        lapsesAt: request.lapsesAt ?? null,
        payBy: rules && request.stage === 'hold' ? holdEnd(rules, now) : null,
        appliedAt: request.appliedAt ?? null,
        explanation: benefit.explanation,
        ineligibility: refused ? (ineligibility?.code ?? 'WITH_ANOTHER') : null,
        evaluation,
        cause: request.cause ?? null,
      };
    },
  );
  return { evaluated, requests };
}

function admissionOf({ evaluated, requests }: RequestGroup, verdicts: readonly AdmissionVerdict[]): Admission {
  const at = verdicts.findIndex(({ verdict }) => verdict !== null && verdict !== 'WITH_ANOTHER');
  if (at < 0) {
    const redemptions = requests.flatMap((request, index) =>
      request.counted ? [redemptionOf(request, verdicts[index] as AdmissionVerdict)] : [],
    );
    return { redemptions, repeated: false };
  }
  const { rules, written, ineligibility } = evaluated[at] as EvaluatedCode;
  if (!ineligibility)
    return { refusal: limitRefusal(verdicts[at]?.verdict as string, rules as CodeRules), codeId: rules?.id ?? null };
  const refusal = refusalOf(ineligibility.code, { promo_code: rules?.code ?? written, ...ineligibility.details });
  return { refusal, codeId: rules?.id ?? null };
}

function redemptionOf(
  { rules, benefitMinor, currency, explanation, payBy }: AdmissionRequest,
  { redemptionId }: AdmissionVerdict,
): AdmittedRedemption {
  const { id: codeId, code } = rules as CodeRules;
  return { redemptionId, codeId, code, benefitMinor, currency, explanation, payBy };
}
