import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { addImportRows, beginCodeImport, runCodeImport } from '#contracts/promotions/promo-code-batches.js';
import { codeColumns } from '#contracts/promotions/promo-code-csv.js';
import { exportPromoCodes } from '#contracts/promotions/promo-codes.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { GatewayEnvironment } from '../../../../test/support/services/gateway-environment.js';
import { examples } from '../documents/examples.js';

const batch = { ...(examples.CodeBatch as object), kind: 'import', pattern: null } as never as { batch_id: string };
const code = examples.PromoCode as Record<string, unknown>;

let environment: GatewayEnvironment;
let url: string;
let token: string;
/** The portions that the service was given. */
let portions: { first_row: number; rows: Record<string, string>[] }[];

beforeAll(async () => {
  environment = await GatewayEnvironment.create();
  url = await environment.gateway();
  token = await environment.token({ role: 'admin', sub: 'ravi' });
});
beforeEach(async () => {
  await environment.reset();
  portions = [];
  environment.on(beginCodeImport, () => batch as never);
  environment.on(addImportRows, ({ first_row, rows }) => {
    portions.push({ first_row, rows });
    return { batch_id: batch.batch_id, wanted: rows.length };
  });
  environment.on(runCodeImport, () => batch as never);
});
afterAll(() => environment.close());

async function send(csv: string | Uint8Array | ReadableStream, headers: Record<string, string> = {}) {
  const answer = await fetch(`${url}/api/admin/promo-codes/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv', ...headers },
    body: csv,
    duplex: 'half',
  } as RequestInit);
  const body = (await answer.json()) as { batch_id?: string };
  return { status: answer.status, body, location: answer.headers.get('location') };
}

describe('an import of promo codes', () => {
  it('sends rows by the names of their columns, in any notation of spreadsheets', async () => {
    const csv = `\u{feff}kind, code ,title,amount_minor\r\ndiscount,'=1+1,"Quotes "", and\nlines",5\r\n\r\ndiscount,-5,'tis fine,\r\n,,,\r\n\n`;
    const { status, body, location } = await send(csv);
    expect([status, body.batch_id]).toEqual([201, batch.batch_id]);
    expect(location).toBe(`/api/admin/promo-code-batches/${batch.batch_id}`);
    expect(portions).toEqual([
      {
        first_row: 1,
        rows: [
          { kind: 'discount', code: '=1+1', title: 'Quotes ", and\nlines', amount_minor: '5' },
          { kind: 'discount', code: '-5', title: "'tis fine" },
        ],
      },
    ]);
    expect(environment.done.map(({ type }) => type)).toEqual([
      beginCodeImport.type,
      addImportRows.type,
      runCodeImport.type,
    ]);
  });

  it('may have cells as long as a message takes them', async () => {
    expect((await send(`code,kind,title\nA,discount,${'x'.repeat(50_000)}\n`)).status).toBe(201);
    expect(portions[0]?.rows[0]?.title).toHaveLength(50_000);
  });

  it('of a long file goes in portions, each a command that follows from the key', async () => {
    const lines = Array.from({ length: 2_200 }, (_, index) => `C-${index},discount`).join('\n');
    const headers = { 'idempotency-key': 'one-file' };
    expect((await send(`code,kind\n${lines}`, headers)).status).toBe(201);
    expect(portions.map(({ first_row, rows }) => [first_row, rows.length])).toEqual([
      [1, 1_000],
      [1_001, 1_000],
      [2_001, 200],
    ]);
    expect((await send(`code,kind\n${lines}`, headers)).status).toBe(201);
    expect(portions).toHaveLength(3);
    expect(await send(`code,kind\n${lines.replace('C-700', 'D-700')}`, headers)).toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
    const beginning = lines.slice(0, lines.indexOf('\nC-2000,'));
    expect(await send(`code,kind\n${beginning}`, headers)).toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
  });

  it('is read no faster than its rows are taken', async () => {
    let taken = 0;
    environment.on(addImportRows, async ({ rows }) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      taken += rows.length;
      return { batch_id: batch.batch_id, wanted: taken };
    });
    const rowsOfChunk = 2_000;
    let sent = 0;
    let ahead = 0;
    const file = new ReadableStream({
      pull(controller) {
        if (sent === 0) controller.enqueue(Buffer.from('code,kind,title\n'));
        const row = (index: number) => `C-${sent + index},discount,${'long title '.repeat(15)}\n`;
        controller.enqueue(Buffer.from(Array.from({ length: rowsOfChunk }, (_, index) => row(index)).join('')));
        sent += rowsOfChunk;
        ahead = Math.max(ahead, sent - taken);
        if (sent === 40_000) controller.close();
      },
    });
    expect((await send(file)).status).toBe(201);
    expect(taken).toBe(40_000);
    // What fits into the buffers of both sides and of the sockets between them, and not the file.
    expect(ahead).toBeLessThan(39_000);
  }, 120_000);

  it.each([
    ['without rows', 'code,kind\n', /no rows/],
    ['without anything', '', /no rows/],
    ['with a column that nobody knows', 'code,kind,colour\nA,discount,red\n', /no column “colour”/],
    ['with a column twice', 'code,kind,code\nA,discount,B\n', /“code” appears twice/],
    ['without codes', 'kind\ndiscount\n', /“code” is missing/],
    ['with a row of other length', 'code,kind\nA,discount\nB\n', /Invalid Record Length/],
    ['with an open quote', 'code,kind\n"A,discount\n', /Quote Not Closed/],
    ['with a quote inside of a cell', 'code,kind\nA"B,discount\n', /Invalid Opening Quote/],
    ['with more behind a quote', 'code,kind\n"A"B,discount\n', /Invalid Closing Quote/],
    [
      'with an endless cell',
      `code,kind,title\nA,discount,\nB,discount,${'x'.repeat(50_001)}\n`,
      /Row 2: .*“title” has more/,
    ],
    [
      'in Windows-1252',
      Buffer.from('code,kind,title\nA,discount,\nB,discount,Fr\xfch\n', 'latin1'),
      /Row 2: .*“title”/,
    ],
    ['cut within a character', Buffer.from('code,kind\nA,discount\nFrü', 'utf8').subarray(0, -1), /Row 2|Length/],
    ['with a heading of another charset', Buffer.from('code,kind,gr\xfc\xdfe\n', 'latin1'), /heading is not text/],
    ['with traces of another charset', 'code,kind,title\nA,discount,Fr\ufffdh\n', /Row 1: .*“title”/],
    ['with a NUL', 'code,kind,title\nA,discount,a\0b\n', /Row 1: .*“title” contains characters/],
    ['with an endless row', `code,kind\n${'x'.repeat(200_000)},discount\n`, /Max Record Size/],
  ])('%s is a 400 and makes nothing', async (_, csv, says) => {
    expect(await send(csv)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT', detail: expect.stringMatching(says) },
    });
    expect(environment.done.map(({ type }) => type)).not.toContain(runCodeImport.type);
  });

  it.each([
    ['semicolons', 'code;kind;title\nA;discount;"x;y"\n'],
    ['tabs', 'code\tkind\ttitle\nA\tdiscount\tx;y\n'],
    ['a line that names them', 'sep=;\r\ncode;kind;title\r\nA;discount;"x;y"\r\n'],
    ['a quoted line that names them, with a BOM', '\ufeff"sep=|"\ncode|kind|title\nA|discount|x;y\n'],
    ['CR alone', 'code;kind;title\rA;discount;"x;y"\r'],
    ['headings in capitals', 'CODE,Kind, TITLE \nA,discount,x;y\n'],
    ['quoted headings that hold other delimiters', '\n"code","kind","title"\nA,discount,x;y\n'],
  ])('may have %s', async (_, csv) => {
    expect((await send(csv)).status).toBe(201);
    expect(portions[0]?.rows).toEqual([{ code: 'A', kind: 'discount', title: 'x;y' }]);
  });

  const inUtf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
  it.each([
    ['as declared', 'text/csv; charset=windows-1252', (text: string) => Buffer.from(text, 'latin1')],
    [
      'as declared in quotes',
      'text/csv; header=present; Charset="ISO-8859-1"',
      (text: string) => Buffer.from(text, 'latin1'),
    ],
    ['by its BOM', 'text/csv', inUtf16],
    ['by its BOM, the other way round', 'text/csv', (text: string) => inUtf16(text).swap16()],
    [
      'by its BOM, against the declared one',
      'text/csv; charset=windows-1252',
      (text: string) => Buffer.from(`\ufeff${text}`),
    ],
  ])('is decoded %s, byte by byte if need be', async (_, type, encoded) => {
    const bytes = encoded('code;kind;title\nA;discount;Früh\n');
    const file = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    for (const body of [bytes, file]) {
      portions = [];
      expect((await send(body, { 'content-type': type })).status).toBe(201);
      expect(portions[0]?.rows).toEqual([{ code: 'A', kind: 'discount', title: 'Früh' }]);
    }
  });

  it('in a charset that does not exist is a 415', async () => {
    expect(await send('code,kind\nA,discount\n', { 'content-type': 'text/csv; charset=klingon' })).toMatchObject({
      status: 415,
      body: { code: 'UNSUPPORTED_MEDIA_TYPE' },
    });
  });

  it('of blanks alone is read at once', async () => {
    const began = performance.now();
    expect((await send(' '.repeat(400_000))).status).toBe(400);
    expect((await send('\n'.repeat(400_000))).status).toBe(400);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('that breaks off makes nothing', async () => {
    const file = new ReadableStream({
      async pull(controller) {
        controller.enqueue(Buffer.from(`code,kind\n${'A,discount\n'.repeat(600)}`));
        await new Promise((resolve) => setTimeout(resolve, 50));
        controller.error(new Error('the sender went away'));
      },
    });
    await expect(send(file)).rejects.toThrow();
    expect(environment.done.map(({ type }) => type)).not.toContain(runCodeImport.type);
  });

  it('takes CSV alone, and nothing else takes it', async () => {
    expect((await send('{}', { 'content-type': 'application/json' })).status).toBe(415);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/csv' };
    const other = await fetch(`${url}/api/admin/promo-codes`, { method: 'POST', headers, body: 'code\n' });
    expect([other.status, ((await other.json()) as { code: string }).code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  });
});

describe('an export of promo codes', () => {
  const read = async (query = '') => {
    const answer = await fetch(`${url}/api/admin/promo-codes/export${query}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    // `text()` would drop the BOM.
    const text = Buffer.from(await answer.arrayBuffer()).toString();
    return { status: answer.status, headers: answer.headers, text };
  };

  it('is one row for each code, from piece to piece, with formulas disarmed', async () => {
    const ids = [newId(), newId(), newId()] as [string, string, string];
    const texts = ['=HYPERLINK("evil")', "'+1", '-2', '@SUM', '＝1', 'Plain'];
    const items = texts.map((title, index) => ({ ...code, code: `C-${index}`, title, precedence: -3 }));
    const asked: unknown[] = [];
    environment.on(exportPromoCodes, (request) => {
      asked.push(request);
      const at = request.after === null ? 0 : ids.indexOf(request.after) + 1;
      const next = at < 2 ? (ids[at] as string) : null;
      return { items: items.slice(at * 2, at * 2 + 2), next } as never;
    });
    const { status, headers, text } = await read('?status=active&search=C');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(headers.get('content-disposition')).toBe('attachment; filename="promo-codes.csv"');
    expect(text.startsWith('\ufeff')).toBe(true);
    const rows = parse(text, { columns: true, bom: true }) as Record<string, string>[];
    expect(Object.keys(rows[0] as object)).toEqual([...codeColumns]);
    expect(rows.map(({ title }) => title)).toEqual(['\'=HYPERLINK("evil")', "''+1", "'-2", "'@SUM", "'＝1", 'Plain']);
    expect(rows[0]).toMatchObject({ precedence: '-3', hours_enabled: 'true', days: '1;2;3;4;5', usage_count: '212' });
    expect(asked).toEqual(
      [null, ids[0], ids[1]].map((after) => ({ status: 'active', search: 'C', after, limit: 1_000 })),
    );

    await send(text);
    expect(portions[0]?.rows.map(({ title }) => title)).toEqual(texts);
  });

  it('is returned as it was, with any line ends within its cells', async () => {
    const titles = ['two\nlines', 'two\rlines', 'two\r\nlines', '\rafter', 'before\n'];
    const items = titles.map((title, index) => ({ ...code, code: `C-${index}`, title }));
    environment.on(exportPromoCodes, () => ({ items, next: null }) as never);
    expect(await send((await read()).text)).toMatchObject({ status: 201 });
    expect(portions[0]?.rows.map(({ title }) => title)).toEqual(titles);
  });

  it('that cannot begin is a problem, and one that cannot go on breaks off', async () => {
    environment.on(exportPromoCodes, () => {
      throw new Refusal('PROMO_CODE_NOT_FOUND', 'No.');
    });
    expect((await read()).status).toBe(404);
    environment.on(exportPromoCodes, ({ after }) => {
      if (after !== null) throw new Refusal('PROMO_CODE_NOT_FOUND', 'No.');
      return { items: [code], next: newId() } as never;
    });
    await expect(read()).rejects.toThrow();
  });
});
