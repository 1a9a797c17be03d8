import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DocumentText, documentsIn } from './documents.js';

async function cut(text: string, size = text.length || 1): Promise<DocumentText[]> {
  async function* chunks() {
    for (let from = 0; from < text.length; from += size) yield text.slice(from, from + size);
  }
  const found: DocumentText[] = [];
  for await (const document of documentsIn(chunks())) found.push(document);
  return found;
}

const values = (documents: readonly DocumentText[]) => documents.map(({ text }) => JSON.parse(text));
const document = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.jsonValue()));

describe('an export', () => {
  it('with a document per line is cut at its lines, for any chunks', () =>
    fc.assert(
      fc.asyncProperty(fc.array(document), fc.integer({ min: 1, max: 50 }), async (documents, size) => {
        const text = documents.map((each) => `${JSON.stringify(each)}\n`).join('');
        const found = await cut(text, size);
        expect(values(found)).toEqual(JSON.parse(JSON.stringify(documents)));
        expect(found.map(({ line }) => line)).toEqual(documents.map((_, index) => index + 1));
      }),
      { numRuns: 50 },
    ));

  it.each([
    ['on one line', 0, ','],
    ['with a line for each', 0, ',\n'],
    ['spread over lines', 2, ',\n'],
  ])('that is an array %s is cut between its elements, for any chunks', (_, indent, comma) =>
    fc.assert(
      fc.asyncProperty(fc.array(document), fc.integer({ min: 1, max: 50 }), async (documents, size) => {
        const text = `[${documents.map((each) => JSON.stringify(each, null, indent)).join(comma)}]\n`;
        expect(values(await cut(text, size))).toEqual(JSON.parse(JSON.stringify(documents)));
      }),
      { numRuns: 50 },
    ),
  );

  it('that is pretty and not an array is cut at lone braces at the margin', async () => {
    const text = '{\n\t"code": "A",\n\t"hours": {\n\t\t"on": true\n\t}\n}\n{\n\t"code": "B"\n}\n';
    expect(await cut(text)).toEqual([
      { line: 1, text: text.slice(0, text.indexOf('\n{')) },
      { line: 7, text: '{\n\t"code": "B"\n}' },
    ]);
  });

  it('loses only the line that is broken', async () => {
    const found = await cut('{"code":"A"}\r\n{"code":"B"\r\n\r\n{"code":"C"}');
    expect(found).toEqual([
      { line: 1, text: '{"code":"A"}' },
      { line: 2, text: '{"code":"B"' },
      { line: 4, text: '{"code":"C"}' },
    ]);
  });

  it('that ends too early yields its complete documents and the rest', async () => {
    expect(await cut('[{"code":"A"},\n{"code":"B"')).toEqual([
      { line: 1, text: '{"code":"A"}' },
      { line: 2, text: '{"code":"B"' },
    ]);
    expect((await cut('{\n\t"code": "A"\n')).map(({ line }) => line)).toEqual([1]);
  });

  it.each(['', ' \n\n', '[]', '[\n]\n', '\uFEFF'])('%j has no documents', async (text) => {
    expect(await cut(text)).toEqual([]);
  });

  it('begins after a byte order mark and blank lines', async () => {
    expect(await cut('\uFEFF\n\n{"code":"A"}\n')).toEqual([{ line: 3, text: '{"code":"A"}' }]);
    expect(await cut('\uFEFF\n[\n{"code":"A"}]')).toEqual([{ line: 3, text: '{"code":"A"}' }]);
  });
});
