import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { root } from '../../tools/workspace/root.ts';
import { eventually } from '../support/eventually.js';
import { ApiClient } from '../support/stack/api-client.js';
import { Scenario, type Student } from '../support/stack/scenario.js';
import { Stack } from '../support/stack/stack.js';

const run = promisify(execFile);

describe('the numbers of promo codes', () => {
  let stack: Stack;
  let scenario: Scenario;
  let offerId: string;

  beforeAll(async () => {
    stack = await Stack.start();
    scenario = await Scenario.on(stack);
    offerId = await scenario.offer();
  });
  afterAll(() => stack.stop());

  const publisherName = `publisher-${randomUUID()}`;
  const today = () => new Date().toISOString().slice(0, 10);

  /** A bonus code of 2.50 EUR that these persons use once each, for an offer of an outside system. */
  async function usedCode(users: readonly Student[]) {
    const code = await scenario.code({
      kind: 'bonus',
      amount_minor: 250,
      currency: 'EUR',
      max_uses: 100,
      owner_id: publisherName,
    });
    for (const user of users) {
      expect((await scenario.apply(user, code.code)).status).toBe(200);
      const conversion = {
        conversionId: `conv-${user.personId}`,
        personId: user.personId,
        offerId,
        payoutMinor: 1_000,
      };
      expect((await scenario.convert(conversion)).status).toBe(200);
    }
    return code;
  }
  const students = (count: number) => Promise.all(Array.from({ length: count }, () => scenario.student()));

  it('are exact at once, by offer, person and day, for the admin and the publisher alike', async () => {
    const [first, second, third] = (await students(3)) as [Student, Student, Student];
    const { code, codeId } = await usedCode([first, second, third]);
    const admin = `/admin/promo-codes/${codeId}`;
    const analytics = {
      code,
      currency: 'EUR',
      total_uses: 3,
      total_bonus_minor: 750,
      offer_breakdown: [
        {
          offer_id: offerId,
          offer_name: `An offer ${offerId}`,
          uses: 3,
          currency: 'EUR',
          total_bonus: 7.5,
          total_bonus_minor: 750,
          unique_users: 3,
        },
      ],
    };
    expect((await scenario.admin.get(`${admin}/offer-analytics`)).body).toEqual(analytics);
    expect((await scenario.admin.get(`${admin}/offer-analytics?from=${today()}&to=${today()}`)).body).toEqual(
      analytics,
    );
    expect((await scenario.admin.get(`${admin}/offer-analytics?to=2020-01-01`)).body.offer_breakdown).toEqual([]);

    const publisher = new ApiClient(stack.gatewayUrl, await stack.token('publisher', publisherName));
    const stranger = new ApiClient(stack.gatewayUrl, await stack.token('publisher', 'somebody-else'));
    const own = `/publisher/promo-codes/${codeId}/offer-analytics`;
    expect((await publisher.get(own)).body).toEqual(analytics);
    expect((await stranger.get(own)).status).toBe(404);

    expect((await scenario.reverse(`conv-${second.personId}`, 'shop')).status).toBe(200);
    expect((await scenario.admin.get(`${admin}/offer-analytics`)).body).toMatchObject({
      total_uses: 2,
      offer_breakdown: [{ uses: 2, total_bonus: 5, unique_users: 2 }],
    });
    expect((await scenario.admin.get(`${admin}/proof`)).body).toMatchObject({
      counter: 2,
      sum_of_rows: 2,
      agrees: true,
    });
    const { days } = (await scenario.admin.get(`${admin}/series`)).body;
    expect(days.at(-1)).toMatchObject({ day: today(), redemptions: 3, reversals: 1 });
    const top = (await scenario.admin.get(`/admin/promotions/top-codes?from=${today()}&by=bonus&currency=EUR`)).body;
    expect(top.items.map((item: { code: string }) => item.code)).toContain(code);
    const receipts = (await scenario.admin.get(`/admin/promotions/receipts?person_id=${first.personId}`)).body;
    expect(receipts.items.map((receipt: { what: string }) => receipt.what)).toEqual(['convert', 'apply']);
  });

  it('list who used a code, in pages that do not move, and as a file', async () => {
    const users = await students(3);
    const { codeId } = await usedCode(users);
    const list = `/admin/promo-codes/${codeId}/user-applications`;
    const page = await scenario.admin.get(`${list}?page=1&limit=2`);
    expect(page.body).toMatchObject({ total: 3, page: 1, limit: 2 });
    expect(Object.keys(page.body.applications[0])).toEqual([
      'user_id',
      'username',
      'email',
      'offer_id',
      'offer_name',
      'applied_at',
      'bonus_earned',
      'bonus_earned_minor',
      'currency',
      'conversion_id',
    ]);
    const [, next] = /<\/api([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '') ?? [];
    await scenario.apply(
      await scenario.student(),
      (await scenario.admin.get(`/admin/promo-codes/${codeId}`)).body.code,
    );
    const rest = await scenario.admin.get(next as string);
    const seen = [...page.body.applications, ...rest.body.applications];
    expect(seen.map(({ user_id: id }) => id)).toEqual(users.map(({ personId }) => personId).reverse());
    expect((await scenario.admin.get(`${list}?page=7`)).body).toMatchObject({ applications: [], total: 3 });
    expect((await scenario.admin.get(`${list}?limit=201`)).status).toBe(422);

    const file = await fetch(`${stack.gatewayUrl}/api${list}.csv`, {
      headers: { authorization: `Bearer ${await stack.token('admin', 'admin')}` },
    });
    const [header, ...lines] = (await file.text()).trimEnd().split('\r\n');
    expect(header).toContain('user_id,username,email,offer_id');
    expect(lines.map((line) => line.slice(0, 36))).toEqual(seen.map(({ user_id: id }) => id));
  });

  it('go on where the former system ended', async () => {
    const formerId = '65a000000000000000000001';
    const folder = await mkdtemp(join(tmpdir(), 'records-'));
    const [codes, users] = [join(folder, 'codes.json'), join(folder, 'users.json')];
    const former = {
      _id: { $oid: formerId },
      code: `FORMER-${randomUUID().slice(0, 8)}`,
      bonus_amount: 5,
      currency: 'EUR',
    };
    const use = { offer_id: 'bookshop', offer_name: 'A bookshop', conversion_id: 'long-ago', bonus_amount: 5 };
    await writeFile(codes, JSON.stringify(former));
    await writeFile(
      users,
      JSON.stringify([{ user_id: 'u1', promo_code_id: { $oid: formerId }, offer_applications: [use] }]),
    );
    const program = join(root, 'dist/apps/promotions/src/import.js');
    const env = { ...process.env, NODE_OPTIONS: '', PROMOTIONS_DATABASE_URL: stack.databaseUrl('promotions') };
    const bring = async () =>
      (await run(process.execPath, [program, '--codes', codes, '--users', users], { env })).stdout;
    expect(await bring()).toContain('redemptions: 1 new, 0 known, 0 refused');
    expect(await bring()).toContain('redemptions: 0 new, 1 known, 0 refused');
    await rm(folder, { recursive: true });

    const { items } = (await scenario.admin.get(`/admin/promo-codes?search=${former.code}`)).body;
    const codeId = items[0].code_id;
    const student = await scenario.student();
    expect((await scenario.apply(student, former.code)).status).toBe(200);
    await scenario.convert({ personId: student.personId, offerId, payoutMinor: 1_000 });
    await eventually(async () =>
      expect((await scenario.admin.get(`/admin/promo-codes/${codeId}/offer-analytics`)).body).toMatchObject({
        code: former.code,
        total_uses: 2,
        offer_breakdown: expect.arrayContaining([
          {
            offer_id: 'bookshop',
            offer_name: 'A bookshop',
            uses: 1,
            currency: 'EUR',
            total_bonus: 5,
            total_bonus_minor: 500,
            unique_users: 1,
          },
        ]),
      }),
    );
  });
});
