import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { addRoutes, ask, checkSessionBy, onSignedOut, urlOf } from './ask.ts';
import { exchanges } from './exchanges.ts';
import { staffRoutes } from './generated/staff-operations.ts';
import { isAway, NoAnswer, Refused, secondsToRetry } from './problems.ts';

const id = '0198c0de-7a11-7c3e-8f00-3b5d1f6a0004';
const problem = { type: 'urn:x', title: 'Conflict', status: 409, code: 'CLASS_FULL', detail: 'Full.' };
const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

let sent: jest.SpiedFunction<typeof fetch>;
const answer = (response: () => Promise<Response>) => sent.mockImplementation(response);
const refusal = async (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

beforeEach(() => {
  sent = jest.spyOn(globalThis, 'fetch');
});
afterEach(() => {
  sent.mockRestore();
});

describe('an operation', () => {
  it('is sent with its path, query, body and Idempotency-Key', async () => {
    answer(async () => json(200, { order_id: id }));
    const order = await ask('cancelOrder', { path: { id }, key: 'k-1', body: { reason: 'away' } });
    expect(order).toEqual({ order_id: id });
    const [url, init] = sent.mock.calls[0] as [string, RequestInit];
    expect([url, init.method, init.body]).toEqual([`/api/orders/${id}/cancel`, 'POST', '{"reason":"away"}']);
    expect(init.headers).toMatchObject({ 'idempotency-key': 'k-1', 'content-type': 'application/json' });
    expect(exchanges.read()[0]).toMatchObject({ url, key: 'k-1', status: 200, answer: { order_id: id } });
  });

  it('of other roles than members is known once their screens are loaded, and sends a file unread', async () => {
    await expect(ask('importCodes', { body: new File([], ''), key: 'k-1' })).rejects.toThrow(
      /importCodes is not loaded/,
    );
    addRoutes(staffRoutes);
    answer(async () => json(201, { batch_id: id }));
    const file = new File(['code,kind'], 'codes.csv');
    await ask('importCodes', { body: file, key: 'k-2' });
    const [, init] = sent.mock.calls[0] as [string, RequestInit];
    expect(init.body).toBe(file);
    expect(init.headers).toMatchObject({ 'content-type': 'text/csv' });
  });

  it('has an address without what is not given', () => {
    expect(urlOf('listClasses', { query: { search: 'a b&c', after: undefined, limit: 25 } })).toBe(
      '/api/classes?search=a+b%26c&limit=25',
    );
    expect(urlOf('getPerson', { path: { id: '../admin' } })).toBe('/api/persons/..%2Fadmin');
  });

  it('throws the problem of a refusal, with the time to wait', async () => {
    answer(async () => json(429, { ...problem, status: 429 }, { 'retry-after': '7' }));
    const error = await refusal(ask('getClass', { path: { id } }));
    expect(error).toBeInstanceOf(Refused);
    expect(error).toMatchObject({ code: 'CLASS_FULL', status: 429, retryAfter: 7, isAway: false });
  });

  it('throws what a proxy answers in place of the server', async () => {
    answer(async () => new Response('<h1>Bad gateway</h1>', { status: 502, statusText: 'Bad Gateway' }));
    const error = await refusal(ask('getClass', { path: { id } }));
    expect(error).toMatchObject({ code: 'HTTP_502', isAway: true, retryAfter: undefined });
  });

  it.each([
    ['the connection breaks', async () => Promise.reject(new TypeError('Failed to fetch'))],
    ['the answer breaks off', async () => new Response('{"order', { headers: { 'content-type': 'application/json' } })],
  ])('throws that no answer came when %s', async (_, response) => {
    answer(response);
    const error = await refusal(ask('getClass', { path: { id } }));
    expect(error).toBeInstanceOf(NoAnswer);
    expect(isAway(error)).toBe(true);
  });

  it('is sent once more when a newer session is there, once, and not for somebody else', async () => {
    const unauthenticated = json(401, { ...problem, status: 401 });
    const check = jest.fn(async () => true);
    checkSessionBy(check);
    const listener = jest.fn();
    const stop = onSignedOut(listener);
    sent.mockResolvedValueOnce(unauthenticated.clone()).mockResolvedValueOnce(json(200, { order_id: id }));
    const order = await ask('cancelOrder', { path: { id }, key: 'k-1', body: {} });
    expect([order, sent.mock.calls.length, listener.mock.calls.length]).toEqual([{ order_id: id }, 2, 0]);
    expect(sent.mock.calls[1]?.[1]?.headers).toMatchObject({ 'idempotency-key': 'k-1' });

    answer(async () => unauthenticated.clone());
    await Promise.all([1, 2].map(() => refusal(ask('getClass', { path: { id } }))));
    expect([sent.mock.calls.length, check.mock.calls.length, listener.mock.calls.length]).toEqual([6, 2, 2]);
    check.mockResolvedValue(false);
    await refusal(ask('getClass', { path: { id } }));
    expect([sent.mock.calls.length, listener.mock.calls.length]).toEqual([7, 3]);
    checkSessionBy(async () => false);
    stop();
  });

  it('says that the session has ended', async () => {
    const listener = jest.fn();
    const stop = onSignedOut(listener);
    answer(async () => json(401, { ...problem, status: 401 }));
    await refusal(ask('getClass', { path: { id } }));
    stop();
    await refusal(ask('getClass', { path: { id } }));
    expect(listener).toHaveBeenCalledTimes(1);
  });
});

it('a server that is away is tried again when it says, else later each time', () => {
  expect(secondsToRetry(new Refused({ ...problem, status: 503 }, 5), 0)).toBe(5);
  expect([0, 1, 2, 9].map((attempt) => secondsToRetry(new NoAnswer(), attempt))).toEqual([1, 2, 4, 30]);
  expect(isAway(new Refused(problem, undefined))).toBe(false);
});
