import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { root } from '../../tools/workspace/root.ts';
import { type CampaignReport, runCampaign } from '../support/fuzz/campaign.js';
import type { FuzzDocument } from '../support/fuzz/operations.js';
import { opsDocument } from '../support/fuzz/other-documents.js';
import type { FuzzRequest } from '../support/fuzz/requests.js';
import { proveInvariants, quiet } from '../support/stack/invariants.js';
import { Scenario } from '../support/stack/scenario.js';
import { Stack } from '../support/stack/stack.js';

/** `npm run fuzz -- --seed N --seconds S` sets both; without it every run sends the same requests. */
const seed = Number(process.env.FUZZ_SEED ?? 1);
const seconds = Number(process.env.FUZZ_SECONDS ?? 20);

describe(`requests made at random (seed ${seed})`, () => {
  let stack: Stack;
  let scenario: Scenario;
  let ids: Record<string, string>;
  let tokens: Record<string, string | undefined>;

  beforeAll(async () => {
    stack = await Stack.start();
    scenario = await Scenario.on(stack);
    ids = await idsOfRecords();
    tokens = {
      anonymous: undefined,
      broken: 'eyJhbGciOiJub25lIn0.e30.',
      member: await stack.token('member', ids.person_id as string),
      publisher: await stack.token('publisher', 'publisher'),
      admin: await stack.token('admin', 'admin'),
      ops: await stack.token('ops', 'olga'),
    };
  });
  afterAll(() => stack.stop());

  /** Records of each kind, so that requests reach what lies behind the first "not found". */
  async function idsOfRecords(): Promise<Record<string, string>> {
    const { admin } = scenario;
    const student = await scenario.student();
    const { personId } = student;
    const [paidClass, openClass] = [
      await scenario.class({ priceMinor: 900 }),
      await scenario.class({ priceMinor: 700 }),
    ];
    const paidOrder = await scenario.order(student, paidClass);
    await scenario.pay({ amountMinor: 1_000, orderId: paidOrder });
    await scenario.settled(paidOrder);
    const orderId = await scenario.order(student, openClass);
    const terms = { kind: 'bonus', amount_minor: 150, currency: 'EUR', owner_id: 'publisher' };
    const { code, codeId } = await scenario.code(terms);
    const discount = await scenario.code({ kind: 'discount', percent_bp: 1_000 });
    const offerId = await scenario.offer();
    await scenario.apply(student, code);
    const conversionId = `conversion-${randomUUID()}`;
    await scenario.convert({ conversionId, personId, offerId, payoutMinor: 5_000 });
    const { body: money } = await admin.get(`/orders/${paidOrder}/money`);
    const { body: rules } = await admin.get('/admin/subscription-rules');
    return {
      person_id: personId,
      order_id: orderId,
      class_id: openClass,
      code_id: codeId,
      offer_id: offerId,
      rule_id: rules.items[0].rule_id,
      conversion_id: conversionId,
      promo_code: code,
      promo_codes: discount.code,
      '/persons': personId,
      '/orders': orderId,
      '/classes': openClass,
      '/promo-codes': codeId,
      '/offers': offerId,
      '/conversions': conversionId,
      '/parameter-types': 'amount',
      '/subscription-rules': rules.items[0].rule_id,
      '/payments': money.payments[0].payment_id,
      '/parked': 'payments',
    };
  }

  async function expectSound(report: CampaignReport): Promise<void> {
    process.stderr.write(`seed ${seed}: ${report.sent} requests, ${JSON.stringify(report.statuses)}\n`);
    expect({ seed, faults: report.faults }).toEqual({ seed, faults: [] });
    for (const app of ['gateway', 'payments', 'subscriptions', 'promotions', 'notifications', 'ops'] as const) {
      expect([app, (await fetch(`${stack.service(app).operationsUrl}/health/ready`)).status]).toEqual([app, 200]);
    }
  }

  it(
    'find every operation of the gateway answering as documented',
    async () => {
      const document = (await (await fetch(`${stack.gatewayUrl}/docs/json`)).json()) as FuzzDocument;
      await expectSound(
        await runCampaign({ url: stack.gatewayUrl, document, ids, tokens, seed, seconds: seconds * 0.7 }),
      );
    },
    (seconds + 120) * 1_000,
  );

  it(
    'find the webhooks of providers answering as documented, with true signatures and with false ones',
    async () => {
      const document = JSON.parse(readFileSync(join(root, 'docs/openapi.webhooks.json'), 'utf8')) as FuzzDocument;
      const signed = (request: FuzzRequest): FuzzRequest => {
        const body = Buffer.from(request.body ?? '', 'latin1').toString();
        const [id, now] = [`msg_${randomUUID()}`, new Date()];
        const signature = new Webhook(stack.secrets.standard).sign(id, now, body);
        const headers = { 'webhook-id': id, 'webhook-timestamp': `${Math.floor(now.getTime() / 1_000)}` };
        return { ...request, headers: { ...request.headers, ...headers, 'webhook-signature': signature } };
      };
      const plan = { url: stack.webhooksUrl, document, ids, tokens: { provider: undefined }, seed };
      await expectSound(await runCampaign({ ...plan, seconds: seconds * 0.1, prepared: signed }));
      const quarantined = await scenario.admin.get('/admin/payments/quarantined?limit=50');
      expect(quarantined.status).toBe(200);
      expect(quarantined.body.total).toBeGreaterThan(0);
      await expectSound(await runCampaign({ ...plan, seconds: seconds * 0.05 }));
    },
    (seconds + 120) * 1_000,
  );

  it(
    'find ops answering problems and pages, never a fault',
    async () => {
      const plan = { url: stack.opsUrl, document: opsDocument(), ids, tokens, seed };
      await expectSound(await runCampaign({ ...plan, seconds: seconds * 0.15 }));
    },
    (seconds + 120) * 1_000,
  );

  it('leave nothing broken behind', async () => {
    await quiet(stack);
    await proveInvariants(scenario);
  });
});
