import { setTimeout as sleep } from 'node:timers/promises';
import type { Catalogue } from '../story/catalogue.ts';
import type { Gateway, Page } from '../story/gateway.ts';
import { CliError } from '../terminal.ts';

/** The ids of what the screens of promo codes show. */
export interface PromoSample {
  /** A publisher's code with hours and a limit. */
  readonly codeId: string;
  readonly bonusCodeId: string;
  readonly batchId: string;
  readonly receiptId: string | undefined;
  readonly offerId: string;
  readonly conversionId: string;
}

interface PromoStage {
  readonly admin: Gateway;
  readonly member: Gateway;
  readonly personId: string;
  /** The owner of the codes. */
  readonly publisher: string;
  readonly catalogue: Catalogue;
}

const offerId = 'sample-bookshop';

/** Codes with hours, limits, a budget and an owner; uses, conversions and refusals of them. */
export async function promoSample({ admin, member, personId, publisher, catalogue }: PromoStage): Promise<PromoSample> {
  const offer = { offer_id: offerId, name: 'A bookshop around the corner', currency: 'EUR' };
  await admin.post('/admin/offers', offer, 'sample-offer');
  const code = (name: string, terms: object) =>
    admin.post<{ code_id: string; code: string }>(
      '/admin/promo-codes',
      { owner_id: publisher, ...terms },
      `sample-${name}`,
    );
  const morning = await code('morning', morningHours);
  const readers = await code('readers', readersBonus);
  await code('paused', { code: 'AUTUMN-15', kind: 'discount', percent_bp: 15_00, status: 'paused' });
  const { batch_id } = await admin.post<{ batch_id: string }>(
    '/admin/promo-codes/generate',
    { pattern: 'GIFT-####-????', count: 40, terms: { ...giftTerms, owner_id: publisher } },
    'sample-batch',
  );
  await member.post(
    '/promo-codes/apply',
    { person_id: personId, promo_code: readers.code },
    `sample-apply-${personId}`,
  );
  const conversionId = `sample-${personId}`;
  const isThere = await admin.get(`/conversions/${conversionId}`).then(
    () => true,
    () => false,
  );
  if (!isThere) await admin.post('/conversions', purchase(conversionId, personId), conversionId);
  // Whether or not it is early in India now: some of these are refused, and each leaves a receipt.
  for (const promo_code of [morning.code, 'NO-SUCH-CODE', 'AUTUMN-15']) {
    const asked = { person_id: personId, promo_code, offer_id: catalogue.spanish.class_id };
    await member
      .post('/orders', { person_id: personId, class_id: catalogue.spanish.class_id, promo_code })
      .catch(() => undefined);
    await member.post('/promo-codes/validate', asked).catch(() => undefined);
  }
  return {
    codeId: morning.code_id,
    bonusCodeId: readers.code_id,
    batchId: batch_id,
    receiptId: await newestReceipt(admin),
    offerId,
    conversionId,
  };
}

async function newestReceipt(admin: Gateway): Promise<string | undefined> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { items } = await admin.get<Page<{ receipt_id: string }>>('/admin/promotions/receipts?limit=1');
    if (items[0]) return items[0].receipt_id;
    await sleep(100);
  }
  throw new CliError('The sample has no decision receipt.');
}

const purchase = (conversion_id: string, person_id: string) => ({
  conversion_id,
  person_id,
  offer_id: offerId,
  payout_minor: 95_00,
  currency: 'EUR',
  occurred_at: new Date().toISOString(),
});

const morningHours = {
  code: 'MORNING-5',
  title: 'Five off before nine',
  kind: 'discount',
  amount_minor: 5_00,
  currency: 'EUR',
  active_hours: { enabled: true, start_time: '06:00', end_time: '09:00', timezone: 'Asia/Kolkata' },
  days: [1, 2, 3, 4, 5],
  max_uses: 30,
  max_uses_per_person: 2,
  auto_deactivate_on_max_uses: true,
};

const readersBonus = {
  code: 'READERS-10',
  title: 'A tenth of every purchase as a bonus',
  kind: 'bonus',
  percent_bp: 10_00,
  currency: 'EUR',
  budget_minor: 500_00,
  max_uses: 200,
  counts_on: 'conversion',
  offers_rule: 'some',
  offers: [offerId],
};

const giftTerms = { title: 'A present', kind: 'discount', amount_minor: 10_00, currency: 'EUR', max_uses: 1 };
