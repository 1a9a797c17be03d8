import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { codeColumns, codeOfCells, rowOfCode } from '#contracts/promotions/promo-code-csv.js';
import { promoCodeBody, promoCodeTerms } from '#contracts/promotions/promo-code-terms.js';
import { newId } from '#kernel/ids.js';
import { Transactions } from '#persistence/transaction.js';
import { command } from '../../../../../test/support/messages/messages.js';
import { answerOf, refusalOf } from '../../../../../test/support/messages/replies.js';
import { PromotionsHarness } from '../../../test/promotions-harness.js';
import { CreateCode } from '../create-code.js';
import { ReadCodes } from '../read-codes.js';
import { AddImportRows } from './add-import-rows.js';
import { BatchesStore } from './batches.store.js';
import { BeginImport } from './begin-import.js';
import { CodeBatchesJob } from './code-batches.job.js';
import { batchView, type CodeBatch } from './domain/code-batch.js';
import { DrawCodes } from './draw-codes.js';
import { GenerateCodes } from './generate-codes.js';
import { ImportRows } from './import-rows.js';
import { RunImport } from './run-import.js';

let harness: PromotionsHarness;

beforeAll(async () => {
  harness = await PromotionsHarness.open();
});
beforeEach(() => harness.query('truncate promo_code, promo_code_person, code_change, code_batch, import_row'));
afterAll(() => harness[Symbol.asyncDispose]());

const terms = promoCodeTerms.parse({ kind: 'discount', percent_bp: 1_000, owner_id: 'publisher-1', max_uses: 1 });
const untold = { progress: async () => {} };

async function order(pattern: string, count: number, change: Partial<typeof terms> = {}) {
  const data = { pattern, count, terms: { ...terms, ...change }, created_by: 'ravi' };
  return (await harness.get(GenerateCodes).execute([command(data)]))[0];
}

async function stands(batchId: string) {
  return batchView((await harness.get(BatchesStore).find(batchId)) as CodeBatch);
}

async function codes(pattern = '%'): Promise<string[]> {
  const rows = await harness.query<{ code: string }>('select code from promo_code where code like $1 order by id', [
    pattern,
  ]);
  return rows.map(({ code }) => code);
}

describe('a generation', () => {
  it('creates the requested number of codes, all alike, and reports its progress', async () => {
    const { batch_id } = answerOf(await order('SPRING-####-????', 50_000));
    expect(await stands(batch_id)).toMatchObject({ state: 'waiting', wanted: 50_000, done: 0 });
    const percentages: number[] = [];
    await harness
      .get(CodeBatchesJob)
      .generate({ batch_id }, { progress: async (percent) => void percentages.push(percent) });
    expect(percentages).toEqual([40, 80, 100]);
    expect(await stands(batch_id)).toMatchObject({
      state: 'done',
      done: 50_000,
      failed: 0,
      explanation: '50000 of 50000 codes are created.',
      finished_at: '2026-03-02T09:00:00Z',
    });
    const made = await codes();
    expect(made.filter((code) => !/^SPRING-[2-9]{4}-[ACDEFGHJKMNPQRTUVWXY]{4}$/.test(code))).toEqual([]);
    const { items, total } = await harness.get(ReadCodes).list({ batch_id, page: 1, limit: 1 });
    expect(total).toBe(50_000);
    const { status, persons, ...rest } = terms;
    expect(items[0]).toMatchObject({
      ...rest,
      status: 'active',
      batch_id,
      created_by: 'ravi',
      usage_count: 0,
      version: 1,
    });
  });

  it('draws other codes in place of those that exist', async () => {
    const taken = ['gift-2', 'GIFT-5', 'Gift-9'].map((code) =>
      command({ ...promoCodeBody.parse({ code, kind: 'discount', percent_bp: 1 }), created_by: 'ravi' }),
    );
    await harness.get(CreateCode).execute(taken);
    const { batch_id } = answerOf(await order('Gift-#', 5));
    await harness.get(CodeBatchesJob).generate({ batch_id }, untold);
    expect(await stands(batch_id)).toMatchObject({ state: 'done', done: 5 });
    expect((await codes('Gift-%')).sort()).toEqual(['Gift-3', 'Gift-4', 'Gift-6', 'Gift-7', 'Gift-8', 'Gift-9']);
  });

  it('creates all remaining codes of an exhausted pattern and reports it', async () => {
    const first = answerOf(await order('X-##', 40));
    const second = answerOf(await order('x-##', 40));
    await harness.get(CodeBatchesJob).generate(first, untold);
    await harness.get(CodeBatchesJob).generate(second, untold);
    expect(await stands(second.batch_id)).toMatchObject({
      state: 'exhausted',
      done: 24,
      explanation: '24 of 40 codes are created; the pattern x-## is exhausted: all its other codes exist already.',
    });
    expect(new Set((await codes()).map((code) => code.toUpperCase())).size).toBe(64);
  });

  it('continues after a crash where its last transaction ended, without duplicates', async () => {
    const { batch_id } = answerOf(await order('????-####', 50_000));
    await harness.get(DrawCodes).execute(batch_id);
    const batches = harness.get(BatchesStore);
    const { save } = batches;
    batches.save = () => Promise.reject(new Error('the process died before the commit'));
    await expect(harness.get(DrawCodes).execute(batch_id)).rejects.toThrow('died');
    batches.save = save;
    expect(await stands(batch_id)).toMatchObject({ state: 'running', done: 20_000 });
    await harness.get(CodeBatchesJob).generate({ batch_id }, untold);
    await harness.get(CodeBatchesJob).generate({ batch_id }, untold);
    expect(await stands(batch_id)).toMatchObject({ state: 'done', done: 50_000 });
    expect(new Set(await codes()).size).toBe(50_000);
  });

  it('that two workers run at once creates each code once', async () => {
    await using other = await PromotionsHarness.open(harness);
    const { batch_id } = answerOf(await order('????-####', 50_000));
    await Promise.all([harness, other].map((one) => one.get(CodeBatchesJob).generate({ batch_id }, untold)));
    expect(await stands(batch_id)).toMatchObject({ state: 'done', done: 50_000 });
    expect((await codes()).length).toBe(50_000);
  });

  it('without a job is found by the sweep after a minute', async () => {
    const { batch_id } = answerOf(await order('LOST-####', 10));
    await harness.get(CodeBatchesJob).sweep();
    expect(await stands(batch_id)).toMatchObject({ state: 'waiting' });
    harness.clock.moveBy({ seconds: 61 });
    await harness.get(CodeBatchesJob).sweep();
    expect(await stands(batch_id)).toMatchObject({ state: 'done', done: 10 });
    harness.clock.moveTo('2026-03-02T09:00:00Z');
  });

  it('for listed persons creates codes that list them', async () => {
    const persons = ['0198c0de-7a11-7c3e-8f00-3b5d1f6a0001', '0198c0de-7a11-7c3e-8f00-3b5d1f6a0002'];
    const { batch_id } = answerOf(await order('FOR-####', 20, { audience: 'listed', persons }));
    await harness.get(CodeBatchesJob).generate({ batch_id }, untold);
    const rows = await harness.query('select from promo_code_person join promo_code on id = code_id');
    expect(rows).toHaveLength(40);
  });

  it('for many listed persons runs in smaller steps', async () => {
    const persons = Array.from({ length: 1_000 }, newId);
    const { batch_id } = answerOf(await order('FOR-####', 60, { audience: 'listed', persons }));
    const percentages: number[] = [];
    await harness
      .get(CodeBatchesJob)
      .generate({ batch_id }, { progress: async (percent) => void percentages.push(percent) });
    expect(percentages).toEqual([81, 100]);
    expect(await harness.query('select count(*) from promo_code_person')).toEqual([{ count: 60_000 }]);
  });

  it('that fails delays no other batch and no abandoned import', async () => {
    const [first, second] = [answerOf(await order('ONE-####', 10)), answerOf(await order('TWO-####', 10))];
    const receiving = answerOf((await harness.get(BeginImport).execute([command({ created_by: 'ravi' })]))[0]);
    harness.clock.moveBy({ hours: 25 });
    const drawCodes = harness.get(DrawCodes);
    const { execute } = drawCodes;
    drawCodes.execute = (id) =>
      id === first.batch_id ? Promise.reject(new Error('it takes too long')) : execute.call(drawCodes, id);
    const errors = await harness
      .get(CodeBatchesJob)
      .sweep()
      .catch((error) => error.errors);
    drawCodes.execute = execute;
    expect(errors).toEqual([new Error('it takes too long')]);
    const states = await Promise.all([first, second, receiving].map(({ batch_id: id }) => stands(id)));
    expect(states.map(({ state }) => state)).toEqual(['waiting', 'done', 'abandoned']);
    harness.clock.moveTo('2026-03-02T09:00:00Z');
  });

  it.each<[string, number, Partial<typeof terms>, string]>([
    ['PLAIN', 1, {}, 'PATTERN_INVALID'],
    ['X-#', 9, {}, 'PATTERN_TOO_SMALL'],
    ['X-####', 9, { percent_bp: null }, 'PROMO_CODE_INVALID'],
    ['X-####', 9, { active_hours: { ...terms.active_hours, end_time: '24:00' } }, 'ACTIVE_HOURS_INVALID'],
  ])('of %s for %d with %j is refused: %s', async (pattern, count, change, code) => {
    expect(refusalOf(await order(pattern, count, change))).toBe(code);
    expect(await harness.query('select from code_batch')).toEqual([]);
  });
});

describe('an import', () => {
  async function begin(): Promise<string> {
    const [reply] = await harness.get(BeginImport).execute([command({ created_by: 'ravi' })]);
    return answerOf(reply).batch_id;
  }

  async function add(batchId: string, firstRow: number, rows: Record<string, string>[]) {
    const data = { batch_id: batchId, first_row: firstRow, rows };
    return (await harness.get(AddImportRows).execute([command(data)]))[0];
  }

  async function run(batchId: string) {
    await harness.get(RunImport).execute([command({ batch_id: batchId })]);
    await harness.get(CodeBatchesJob).import({ batch_id: batchId }, untold);
    return stands(batchId);
  }

  const row = (code: string, cells: Record<string, string> = {}) => ({
    code,
    kind: 'discount',
    percent_bp: '500',
    ...cells,
  });

  it('creates codes from valid rows and reports each invalid row', async () => {
    const batchId = await begin();
    await add(batchId, 1, [
      row('One', {
        title: '  Trimmed ',
        days: '1;5',
        offers_rule: 'some',
        offers: 'a;b c',
        hours_enabled: 'TRUE',
        start_time: '06:00',
      }),
      row('one'),
      row('Two', { percent_bp: 'ten' }),
      { code: 'Three' },
    ]);
    await add(batchId, 5, [
      row('Four', { start_time: '6:0' }),
      row('Five', { percent_bp: '', amount_minor: '250' }),
      row('Six', { give_back_fraud: 'perhaps' }),
      row('Seven', { days: '["1",8]' }),
      row('Eight', { timezone: 'IST' }),
      row('Nine', { status: 'archived', usage_count: '7', valid_until: '2026-12-31T23:00:00+01:00' }),
    ]);
    const imported = await run(batchId);
    expect(imported).toMatchObject({ state: 'done', wanted: 10, done: 2, failed: 8 });
    expect(imported.report.map(({ row, code, field }) => [row, code, field])).toEqual([
      [2, 'one', 'code'],
      [3, 'Two', 'percent_bp'],
      [4, 'Three', 'kind'],
      [5, 'Four', 'start_time'],
      [6, 'Five', 'currency'],
      [7, 'Six', 'give_back_fraud'],
      [8, 'Seven', 'days'],
      [9, 'Eight', 'timezone'],
    ]);
    expect(imported.report[2]?.message).toBe('This is required.');
    const { items } = await harness.get(ReadCodes).list({ page: 1, limit: 10 });
    expect(items).toMatchObject([
      { code: 'Nine', status: 'paused', usage_count: 0, valid_until: '2026-12-31T22:00:00Z', batch_id: batchId },
      {
        code: 'One',
        title: 'Trimmed',
        days: [1, 5],
        offers: ['a', 'b c'],
        active_hours: { enabled: true, start_time: '06:00', end_time: '23:59', timezone: 'UTC' },
        created_by: 'ravi',
      },
    ]);
    expect(await harness.query('select from import_row')).toEqual([]);
  });

  it('stores a repeated portion once, in any order of portions', async () => {
    const batchId = await begin();
    const portion = [row('B1'), row('B2')];
    await Promise.all([add(batchId, 3, portion), add(batchId, 1, [row('A1'), row('A2')]), add(batchId, 3, portion)]);
    expect(await run(batchId)).toMatchObject({ state: 'done', wanted: 4, done: 4, failed: 0 });
    expect(await codes()).toEqual(['A1', 'A2', 'B1', 'B2']);
  });

  it('is closed once all rows have arrived, and a repeated command changes nothing', async () => {
    const batchId = await begin();
    await add(batchId, 1, [row('Only')]);
    const first = await run(batchId);
    expect(refusalOf(await add(batchId, 2, [row('Late')]))).toBe('CODE_BATCH_CLOSED');
    expect(await run(batchId)).toEqual(first);
    expect(await codes()).toEqual(['Only']);
  });

  it('of another number of rows under the same key is refused', async () => {
    const batchId = await begin();
    await add(batchId, 1, [row('One'), row('Two')]);
    const [reply] = await harness.get(RunImport).execute([command({ batch_id: batchId, rows: 1 })]);
    expect(refusalOf(reply)).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await run(batchId)).toMatchObject({ state: 'done', wanted: 2, done: 2 });
  });

  it('continues after a crash, a thousand rows at a time', async () => {
    const batchId = await begin();
    for (const part of [0, 1, 2]) {
      await add(
        batchId,
        part * 1_000 + 1,
        Array.from({ length: 1_000 }, (_, index) => row(`R${part * 1_000 + index}`)),
      );
    }
    await harness.get(RunImport).execute([command({ batch_id: batchId })]);
    await harness.get(ImportRows).execute(batchId);
    expect(await stands(batchId)).toMatchObject({ state: 'running', done: 1_000 });
    const transactions = harness.get(Transactions);
    const died = transactions.run(async (tx) => {
      await harness.get(BatchesStore).takeRows(tx, batchId, { rowsMax: 1_000, personsMax: 1_000 });
      throw new Error('the process died before the commit');
    });
    await expect(died).rejects.toThrow('died');
    expect(await run(batchId)).toMatchObject({ state: 'done', wanted: 3_000, done: 3_000 });
    expect(new Set(await codes()).size).toBe(3_000);
  });

  it('of rows with many persons runs in smaller steps', async () => {
    const batchId = await begin();
    const persons = Array.from({ length: 1_000 }, newId).join(';');
    const rows = Array.from({ length: 50 }, (_, index) => row(`P${index}`, { audience: 'listed', persons }));
    await add(batchId, 1, rows);
    await harness.get(RunImport).execute([command({ batch_id: batchId })]);
    await harness.get(ImportRows).execute(batchId);
    expect(await stands(batchId)).toMatchObject({ state: 'running', done: 48, failed: 0 });
    await harness.get(ImportRows).execute(batchId);
    expect(await stands(batchId)).toMatchObject({ state: 'done', done: 50, failed: 0 });
    expect(await harness.query('select count(*) from promo_code_person')).toEqual([{ count: 50_000 }]);
  });

  it('runs a row with more persons than one step allows by itself', async () => {
    const batchId = await begin();
    await add(batchId, 1, [row('Many', { persons: [newId(), newId()].join(';') }), row('None'), row('Neither')]);
    const take = () =>
      harness
        .get(Transactions)
        .run((tx) => harness.get(BatchesStore).takeRows(tx, batchId, { rowsMax: 5, personsMax: 1 }));
    expect((await take()).map(({ rowNo }) => rowNo)).toEqual([1]);
    expect((await take()).map(({ rowNo }) => rowNo)).toEqual([2, 3]);
  });

  it('whose rows stop arriving is abandoned after a day and creates no code', async () => {
    const batchId = await begin();
    await add(batchId, 1, [row('Half')]);
    harness.clock.moveBy({ hours: 25 });
    await harness.get(CodeBatchesJob).sweep();
    expect(await stands(batchId)).toMatchObject({ state: 'abandoned', done: 0 });
    expect([await codes(), await harness.query('select from import_row')]).toEqual([[], []]);
    harness.clock.moveTo('2026-03-02T09:00:00Z');
  });

  it('of an export creates the same codes', async () => {
    const bodies = [
      { code: 'Plain', kind: 'discount', percent_bp: 1 },
      {
        code: '=1+1',
        title: 'Quotes ", commas, and ; too',
        owner_id: 'publisher-1',
        kind: 'bonus',
        amount_minor: 500,
        currency: 'EUR',
        minimum_minor: 0,
        valid_from: '2026-03-01T00:00:00.000001Z',
        active_hours: { enabled: true, start_time: '22:00', end_time: '02:00', timezone: 'Asia/Calcutta' },
        days: [7],
        max_uses: 3,
        offers_rule: 'all_but',
        offers: ['a;b', ' c', '[d]'],
        precedence: -3,
        counts_on: 'apply',
        give_back: { cancel: false, fraud: true },
        status: 'draft',
      },
    ];
    const made = await harness
      .get(CreateCode)
      .execute(bodies.map((body) => command({ ...promoCodeBody.parse(body), created_by: 'ravi' })));
    for (const reply of made) {
      const code = answerOf(reply);
      const cells = Object.fromEntries(codeColumns.map((name, index) => [name, String(rowOfCode(code)[index] ?? '')]));
      const again = promoCodeBody.parse(codeOfCells(cells));
      expect(again).toEqual(promoCodeBody.parse(bodies.find(({ code: text }) => text === code.code)));
    }
  });
});
