import { Injectable } from '@nestjs/common';
import { assert } from '#kernel/assert.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import type { Refusal } from '#kernel/refusal.js';
import type { Sql } from '#persistence/transaction.js';
import { type Ask, isRefused, type Judged } from './asking.js';
import { JudgeAsks } from './judge-asks.js';
import { limitRefusal, refusalOf } from './refusals.js';
import type { Terms } from './terms.js';
import { UsesStore, type Verdict, type Wish } from './uses.store.js';

interface AdmittedUse {
  readonly useId: string;
  readonly codeId: string;
  readonly code: string;
  readonly benefitMinor: number;
  readonly currency: string | null;
  readonly explanation: string;
}

/**
 * The precise reason: strangers must not hear it (see DiscloseRefusals). `codeId` is null for a code that does not
 * exist.
 */
interface Refused {
  readonly refusal: Refusal;
  readonly codeId: string | null;
}

/**
 * Admitted, in the order in which the codes apply; `repeated` when the order or conversion had its uses before. Taking
 * a code that counts on conversion makes no use.
 */
export interface Admitted {
  readonly uses: readonly AdmittedUse[];
  readonly repeated: boolean;
}

export type Admission = Admitted | Refused;

/** One ask, and what it wishes for. */
interface Party {
  readonly judged: readonly Judged[];
  readonly wishes: readonly Wish[];
}

const roundsMax = 10;

/**
 * Lets uses in, in sets: the rules decide first, without any lock; then one call of the database decides by the
 * counters, under the codes' locks, exactly as if the asks came one after the other. Should a code have been edited in
 * between, what was decided by its old rules is decided anew. Each decision leaves a receipt, in the same transaction.
 */
@Injectable()
export class AdmitUses {
  constructor(
    private readonly judgeAsks: JudgeAsks,
    private readonly uses: UsesStore,
    private readonly clock: Clock,
  ) {}

  /** One admission for each ask, in order. `sql` is the caller's transaction, or one statement after the other. */
  async execute(sql: Sql, asks: readonly Ask[]): Promise<Admission[]> {
    const keys = asks.map(keyOf);
    const firsts = new Map(keys.map((key, index) => [key, index] as const).reverse());
    const admissions = new Map<string, Admission>();
    let open = asks.flatMap((ask, index) =>
      firsts.get(keys[index] as string) === index ? [[keys[index] as string, ask] as const] : [],
    );
    for (let round = 1; open.length > 0; round += 1) {
      assert(round <= roundsMax, 'codes are not edited faster than they can be read');
      const decided = await this.decide(
        sql,
        open.map(([, ask]) => ask),
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
      return 'uses' in admission && firsts.get(key) !== index ? { ...admission, repeated: true } : admission;
    });
  }

  /** Null for an ask whose codes were edited since they were read. */
  private async decide(sql: Sql, asks: readonly Ask[], reading: { anew: boolean }): Promise<(Admission | null)[]> {
    const now = this.clock.now();
    const judgements = await this.judgeAsks.execute(sql, asks, now, reading);
    const parties = asks.map((ask, index) => partyOf(ask, index + 1, judgements[index] as Judged[]));
    const verdicts = await this.uses.admit(
      sql,
      parties.flatMap(({ wishes }) => wishes),
      now,
    );
    const admissions: (Admission | null)[] = [];
    let from = 0;
    for (const [index, party] of parties.entries()) {
      const own = verdicts.slice(from, from + party.wishes.length);
      from += party.wishes.length;
      if (own.some(({ verdict }) => verdict === 'CHANGED')) admissions.push(null);
      else if (own.some(({ verdict }) => verdict === 'REPEATED'))
        admissions.push(await this.first(sql, asks[index] as Ask, party));
      else admissions.push(admissionOf(party, own));
    }
    return admissions;
  }

  /** The uses that this order or conversion has already. */
  private async first(sql: Sql, ask: Ask, { judged }: Party): Promise<Admitted> {
    const uses = ask.orderId
      ? await this.uses.ofOrders(sql, [ask.orderId])
      : await this.uses.ofConversions(sql, [ask.conversionId as string]);
    const codeIds = new Set(judged.map(({ terms }) => terms?.id));
    return { uses: uses.filter(({ codeId }) => codeIds.has(codeId)), repeated: true };
  }
}

/** Asks with the same key are one, said twice. */
function keyOf({ moment, orderId, conversionId, codes }: Ask, index: number): string {
  const deed = orderId ?? conversionId;
  return deed ? JSON.stringify([moment, deed, codes]) : String(index);
}

function partyOf(ask: Ask, party: number, judged: readonly Judged[]): Party {
  const refused = isRefused(judged);
  const wishes = judged.map(({ terms, written, judgement, objection, benefit, currency }): Wish => {
    return {
      moment: ask.moment,
      party,
      terms,
      written,
      receiptId: newId(),
      useId: newId(),
      takes: ask.takes ?? null,
      personId: ask.personId,
      offerId: ask.offerId,
      orderId: ask.orderId ?? null,
      conversionId: ask.conversionId ?? null,
      benefitMinor: benefit.benefitMinor,
      currency,
      priceMinor: ask.amountMinor,
      revenueMinor: ask.revenueMinor ?? 0,
      held: ask.moment !== 'convert',
      counted: ask.moment !== 'apply' || terms?.countsOn === 'apply',
      lapsesAt: ask.lapsesAt ?? null,
      appliedAt: ask.appliedAt ?? null,
      explanation: benefit.explanation,
      refused: refused ? (objection?.code ?? 'WITH_ANOTHER') : null,
      judgement,
      cause: ask.cause ?? null,
    };
  });
  return { judged, wishes };
}

function admissionOf({ judged, wishes }: Party, verdicts: readonly Verdict[]): Admission {
  const at = verdicts.findIndex(({ verdict }) => verdict !== null && verdict !== 'WITH_ANOTHER');
  if (at < 0) {
    const uses = wishes.flatMap((wish, index) => (wish.counted ? [useOf(wish, verdicts[index] as Verdict)] : []));
    return { uses, repeated: false };
  }
  const { terms, written, objection } = judged[at] as Judged;
  if (!objection)
    return { refusal: limitRefusal(verdicts[at]?.verdict as string, terms as Terms), codeId: terms?.id ?? null };
  const refusal = refusalOf(objection.code, { promo_code: terms?.code ?? written, ...objection.details });
  return { refusal, codeId: terms?.id ?? null };
}

function useOf({ terms, benefitMinor, currency, explanation }: Wish, { useId }: Verdict): AdmittedUse {
  const { id: codeId, code } = terms as Terms;
  return { useId, codeId, code, benefitMinor, currency, explanation };
}
