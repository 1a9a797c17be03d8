import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ResponseOf } from '#contracts/contract.js';
import { cursorOf } from '#contracts/cursors.js';
import {
  exportUserApplications,
  getCodeSeries,
  getOfferAnalytics,
  listTopCodes,
  listUserApplications,
} from '#contracts/promotions/promo-analytics.js';
import { Refusal } from '#kernel/refusal.js';
import { GatewayEnvironment } from '../../../../test/support/services/gateway-environment.js';
import type { ApiClient } from '../../../../test/support/stack/api-client.js';

const id = '0198c0de-7a11-7c3e-8f00-3b5d1f6a00ff';
const codes = `/admin/promo-codes/${id}`;

let environment: GatewayEnvironment;
let url: string;
let admin: ApiClient;
/** What the service was asked. */
let asked: Record<string, unknown>[];

beforeAll(async () => {
  environment = await GatewayEnvironment.create();
  url = await environment.gateway();
  admin = await environment.client(url, { role: 'admin' });
});
beforeEach(async () => {
  await environment.reset();
  asked = [];
});
afterAll(() => environment.close());

describe('the analytics of a code over HTTP', () => {
  const analytics = { code: 'Spring26', currency: null, total_uses: 0, total_bonus_minor: 0, offer_breakdown: [] };

  beforeEach(() => {
    environment.on(getOfferAnalytics, (request) => {
      asked.push(request);
      return analytics;
    });
  });

  it('are returned unchanged', async () => {
    const { status, body } = await admin.get(`${codes}/offer-analytics`);
    expect([status, body]).toEqual([200, analytics]);
    expect(asked).toEqual([{ code_id: id, owned_by: null }]);
  });

  it('take days of UTC, or instants of them', async () => {
    await admin.get(`${codes}/offer-analytics?from=2026-03-01&to=2026-03-02`);
    await admin.get(`${codes}/offer-analytics?from=2026-03-01T23:30:00-02:00&to=2026-03-02T23:59:59.999Z`);
    expect(asked).toMatchObject([
      { from: '2026-03-01', to: '2026-03-02' },
      { from: '2026-03-02', to: '2026-03-02' },
    ]);
    expect((await admin.get(`${codes}/offer-analytics?from=yesterday`)).status).toBe(400);
  });

  it('are asked for in a publisher’s name by a publisher', async () => {
    environment.on(getCodeSeries, (request) => {
      asked.push(request);
      throw new Refusal('PROMO_CODE_NOT_FOUND', 'There is no such promo code.');
    });
    const publisher = await environment.client(url, { role: 'publisher', sub: 'north-books' });
    await publisher.get(`/publisher/promo-codes/${id}/offer-analytics`);
    expect((await publisher.get(`/publisher/promo-codes/${id}/series`)).body.code).toBe('PROMO_CODE_NOT_FOUND');
    expect(asked).toMatchObject([{ owned_by: 'north-books' }, { owned_by: 'north-books' }]);
  });

  it('rank codes', async () => {
    environment.on(listTopCodes, (request) => {
      asked.push(request);
      return { items: [] };
    });
    expect((await admin.get('/admin/promotions/top-codes?by=bonus&currency=EUR&limit=5')).body).toEqual({ items: [] });
    expect(asked).toEqual([{ by: 'bonus', currency: 'EUR', limit: 5 }]);
  });
});

describe('the applications of a code over HTTP', () => {
  beforeEach(() => {
    environment.on(listUserApplications, (request) => {
      asked.push(request);
      const { after, page = after === undefined ? 1 : undefined, limit, count = true } = request;
      return { applications: [], limit, page, ...(count && { total: 120 }), next_cursor: cursorOf([9]) };
    });
  });

  it.each([
    'limit=0',
    'limit=201',
    'limit=ten',
    'limit=-1',
    'limit=1.5',
    'limit=',
    'page=0',
    'page=1000001',
    'total=-1',
  ])('are a 422 for %s', async (query) => {
    const { status, body } = await admin.get(`${codes}/user-applications?${query}`);
    expect([status, body.code, body.field]).toEqual([422, 'OUT_OF_RANGE', `/${query.split('=')[0]}`]);
    expect(asked).toEqual([]);
  });

  it.each(['limit=1', 'limit=200', 'page=1000000'])('are there for %s', async (query) => {
    expect((await admin.get(`${codes}/user-applications?${query}`)).status).toBe(200);
  });

  it('link to the pages around, as the list stood', async () => {
    const links = async (query: string) => (await admin.get(`${codes}/user-applications${query}`)).headers.get('link');
    const to = (page: number, rel: string) =>
      `</api${codes}/user-applications?page=${page}&limit=50&total=120>; rel="${rel}"`;
    expect(await links('')).toBe([to(2, 'next'), to(3, 'last')].join(', '));
    expect(await links('?page=3&limit=50')).toBe([to(1, 'first'), to(2, 'prev')].join(', '));
    expect(await links('?page=9')).toBe([to(1, 'first'), to(3, 'prev')].join(', '));
    expect(await links('?limit=200')).toBeNull();
    await links('?page=2&total=120');
    expect(asked.at(-1)).toEqual({ code_id: id, page: 2, limit: 50, total: 120 });
  });

  it('link to the next page alone where they are not counted, or continued by a cursor', async () => {
    const cursor = cursorOf([9]);
    const next = async (query: string) => (await admin.get(`${codes}/user-applications${query}`)).headers.get('link');
    const to = (more: string) => `</api${codes}/user-applications?after=${cursor}&limit=50${more}>; rel="next"`;
    expect(await next('?count=false')).toBe(to('&count=false'));
    expect(await next(`?after=${cursor}`)).toBe(to(''));
    expect(asked).toEqual([
      { code_id: id, limit: 50, count: false },
      { code_id: id, limit: 50, after: cursor },
    ]);
    const filters = 'offer_id=a+b%26c&search=asha';
    expect(await next(`?${filters}&count=false&limit=50`)).toBe(
      `</api${codes}/user-applications?${filters}&after=${cursor}&limit=50&count=false>; rel="next"`,
    );
    for (const query of ['after=x', `after=${cursor}&page=2`]) {
      expect(await admin.get(`${codes}/user-applications?${query}`)).toMatchObject({
        status: 400,
        body: { field: '/after' },
      });
    }
  });
});

describe('the applications of a code as CSV', () => {
  type Piece = ResponseOf<typeof exportUserApplications>;
  const application: Piece['applications'][number] = {
    user_id: id,
    username: 'asha',
    email: 'asha@example.org',
    offer_id: 'shop-7',
    offer_name: 'Books, "new" and old',
    applied_at: '2026-03-01T10:00:00Z',
    bonus_earned: 12.5,
    bonus_earned_minor: 1_250,
    currency: 'EUR',
    conversion_id: null,
  };
  const pieces = (...answers: (Partial<Piece> | Error)[]) =>
    environment.on(exportUserApplications, (request) => {
      asked.push(request);
      const answer = answers[asked.length - 1];
      if (answer instanceof Error) throw answer;
      return { code: 'Spring26', applications: [], next: null, ...answer };
    });
  const file = async (query = '') =>
    fetch(`${url}/api${codes}/user-applications.csv${query}`, {
      headers: { authorization: `Bearer ${await environment.token({ role: 'admin' })}` },
    });

  it('come piece by piece, with cells that stay cells', async () => {
    pieces(
      {
        applications: [application, { ...application, username: '=cmd()', email: 'a\nb', offer_name: 'a\rb' }],
        next: 7,
      },
      { applications: [{ ...application, username: null, email: null, offer_name: null, offer_id: null }] },
    );
    const answer = await file();
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    const end = '2026-03-01T10:00:00Z,12.5,EUR,,1250';
    expect((await answer.text()).split('\r\n')).toEqual([
      'user_id,username,email,offer_id,offer_name,applied_at,bonus_earned,currency,conversion_id,bonus_earned_minor',
      `${id},asha,asha@example.org,shop-7,"Books, ""new"" and old",${end}`,
      `${id},'=cmd(),"a\nb",shop-7,"a\rb",${end}`,
      `${id},,,,,${end}`,
      '',
    ]);
    expect(asked.map(({ below }) => below)).toEqual([null, 7]);
  });

  it('are those that match, on the UTC days of instants', async () => {
    pieces({});
    await (await file('?offer_id=shop-7&search=asha&from=2026-03-01T23:30:00-02:00&to=2026-03-05')).text();
    const filter = { offer_id: 'shop-7', search: 'asha', from: '2026-03-02', to: '2026-03-05' };
    expect(asked).toEqual([{ code_id: id, ...filter, below: null, limit: 1_000 }]);
  });

  it('are a problem when the code is not there', async () => {
    pieces(new Refusal('PROMO_CODE_NOT_FOUND', 'There is no such promo code.'));
    const answer = await file();
    expect([answer.headers.get('content-type'), ((await answer.json()) as { code: string }).code]).toEqual([
      'application/problem+json; charset=utf-8',
      'PROMO_CODE_NOT_FOUND',
    ]);
  });

  it('are broken off, and not ended, when a piece does not come', async () => {
    pieces({ applications: [application], next: 7 }, new Error('a bug'));
    const answer = await file();
    await expect(answer.text()).rejects.toThrow();
  });
});
