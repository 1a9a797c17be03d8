import type { Gateway } from './gateway.ts';

export interface OfferedClass {
  readonly class_id: string;
  readonly title: string;
  readonly currency: string;
}

export interface Catalogue {
  readonly free: OfferedClass;
  readonly pottery: OfferedClass;
  readonly spanish: OfferedClass;
  readonly calligraphy: OfferedClass;
  /** The rule of the classes that have a price. */
  readonly pricedRuleId: string;
  /** Takes a fifth off. */
  readonly welcomeCode: string;
}

/**
 * A small catalogue: one parameter type, the two rules of the story, four classes, a promo code.
 * Every request bears a fixed key, so that the next start gets the same catalogue and not another one.
 */
export async function seedCatalogue(admin: Gateway): Promise<Catalogue> {
  await admin.post('/admin/parameter-types', priceType, 'catalogue-price');
  const free = await admin.post<Rule>('/admin/subscription-rules', freeRule, 'catalogue-free');
  const single = await admin.post<Rule>('/admin/subscription-rules', singlePaymentRule, 'catalogue-single-payment');
  const offer = (key: string, body: object) => admin.post<OfferedClass>('/admin/classes', body, `catalogue-${key}`);
  return {
    free: await offer('open-evening', { ...berlin, title: 'Open evening', rule_id: free.rule_id }),
    pottery: await offer('pottery', {
      ...berlin,
      title: 'Pottery for beginners',
      rule_id: single.rule_id,
      parameters: { price: 49_00 },
    }),
    spanish: await offer('spanish', {
      ...berlin,
      title: 'Spanish A1',
      rule_id: single.rule_id,
      parameters: { price: 35_00 },
      capacity: 1_000,
    }),
    calligraphy: await offer('calligraphy', {
      ...berlin,
      title: 'Calligraphy',
      rule_id: single.rule_id,
      parameters: { price: 20_00 },
    }),
    pricedRuleId: single.rule_id,
    welcomeCode: (await admin.post<{ code: string }>('/admin/promo-codes', welcomeCode, 'catalogue-welcome')).code,
  };
}

interface Rule {
  readonly rule_id: string;
}

const berlin = { time_zone: 'Europe/Berlin', currency: 'EUR' };

const priceType = {
  name: 'price',
  schema: { type: 'integer', minimum: 0, title: 'Price in minor units of the currency' },
  ui_schema: { 'ui:widget': 'updown', 'ui:help': '4900 is 49.00' },
};

const freeRule = { title: 'Free subscription', description: 'Costs nothing.', method: 'free' };

const singlePaymentRule = {
  title: 'Single payment subscription',
  description: 'One price, paid once.',
  method: 'single_payment',
  parameters: [{ name: 'price', type: 'price', required: true }],
};

const welcomeCode = {
  code: 'WELCOME-20',
  title: 'A fifth off, once per person',
  kind: 'discount',
  percent_bp: 20_00,
  max_uses_per_person: 1,
};
