import type { z } from 'zod';
import type { conversionBody } from '#contracts/promotions/conversions.js';
import { newId } from '#kernel/ids.js';
import { command } from '../../../test/support/messages/messages.js';
import { answerOf } from '../../../test/support/messages/replies.js';
import type { Outcome, ReversalReason } from '../src/conversions/domain/conversion.js';
import { RecordConversions } from '../src/conversions/record-conversions.js';
import { ReverseConversions } from '../src/conversions/reverse-conversions.js';
import { type PromotionsHarness } from './promotions-harness.js';

export type ConversionBody = z.output<typeof conversionBody>;

let recordedCount = 0;

/** An outside system that reports conversions: it has persons with applied codes, and an offer for all of them. */
export class OutsideSystem {
  readonly offerId = `shop-${newId()}`;

  private constructor(private readonly harness: PromotionsHarness) {}

  static async open(harness: PromotionsHarness): Promise<OutsideSystem> {
    const system = new OutsideSystem(harness);
    await system.offer(system.offerId);
    return system;
  }

  async offer(id: string, columns: { currency?: string; deleted_at?: string } = {}): Promise<string> {
    await this.harness.query(
      `insert into offer (id, name, currency, registered_at, changed_at, deleted_at) values ($1, $1, $2, now(), now(), $3)`,
      [id, columns.currency ?? null, columns.deleted_at ?? null],
    );
    return id;
  }

  async persons(count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, newId);
    await this.harness.query(
      `insert into person (id, name, username, email) select id, 'P', id::text, id || '@example.org' from unnest($1::uuid[]) as new (id)`,
      [ids],
    );
    return ids;
  }

  /** Somebody who is known and has taken these codes, as if within their hours. */
  async personWith(...codeIds: readonly string[]): Promise<string> {
    const [person] = (await this.persons(1)) as [string];
    await this.apply([person], codeIds);
    return person;
  }

  /** An hour ago, before the conversions of the test. */
  async apply(persons: readonly string[], codeIds: readonly string[]): Promise<void> {
    await this.harness.query(
      `insert into promo_application (code_id, person_id, applied_at, state)
       select code_id, person_id, $3::timestamptz, 'applied'
       from unnest($1::uuid[]) as code (code_id) cross join unnest($2::uuid[]) as person (person_id)`,
      [codeIds, persons, this.harness.clock.now().subtract({ hours: 1 })],
    );
  }

  conversion(person_id: string, details: Partial<ConversionBody> = {}): ConversionBody {
    recordedCount += 1;
    return {
      conversion_id: `conversion-${process.pid}-${recordedCount}`,
      person_id,
      offer_id: this.offerId,
      payout_minor: 1_000,
      currency: 'EUR',
      occurred_at: '2026-03-02T08:59:00Z',
      ...details,
    };
  }

  /** In one request. */
  async record(...conversions: readonly ConversionBody[]): Promise<Outcome[]> {
    const [reply] = await this.harness.get(RecordConversions).execute([command({ conversions: [...conversions] })]);
    return answerOf(reply).items;
  }

  async reverse(conversionId: string, reason: ReversalReason = 'refund') {
    const asked = command({ conversion_id: conversionId, reason });
    const [reply] = await this.harness.get(ReverseConversions).execute([asked]);
    return answerOf(reply);
  }
}

/** The bonuses of an outcome, as code and amount, and the reasons why there are no more. */
export function digest({ redemptions, refusals, problem }: Outcome) {
  return {
    bonuses: redemptions.map(({ bonus_minor: bonusMinor }) => bonusMinor),
    reasons: problem ? [problem.code] : refusals.map(({ reason }) => reason),
  };
}
