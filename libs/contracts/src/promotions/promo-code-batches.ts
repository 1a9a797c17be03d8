import { z } from 'zod';
import { command, query } from '../contract.js';
import { id, instant, pageOf, paging, storableText } from '../wire.js';
import { codeCharacters } from './fold-code.js';
import { promoCodeTerms, subject, termsRefusals } from './promo-code-terms.js';
import { cellCharactersMax } from './promo-codes.js';

/** A pattern: `#` stands for a digit, `?` for a letter, everything else for itself. */
export const codePattern = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(codeCharacters, 'No spaces and no invisible characters.')
  .describe('# stands for a digit, ? for a letter, without similar ones. Any other character stands for itself.');

export const generateCodesBody = z
  .strictObject({
    pattern: codePattern,
    count: z.int().min(1).max(1_000_000),
    terms: promoCodeTerms,
  })
  .meta({ id: 'GenerateCodes' });

const batch = {
  batch_id: id,
  kind: z.enum(['generate', 'import']),
  state: z.enum(['receiving', 'waiting', 'running', 'done', 'exhausted', 'abandoned']),
  pattern: z.string().nullable(),
  wanted: z.int().min(0).describe('Requested codes, or received rows.'),
  done: z.int().min(0).describe('Codes that were created so far.'),
  failed: z.int().min(0).describe('Rows that became no code.'),
  explanation: z.string(),
  created_by: z.string(),
  created_at: instant,
  finished_at: instant.nullable(),
};

export const codeBatch = z
  .object({
    ...batch,
    report: z
      .array(z.object({ row: z.int().min(1), code: z.string(), field: z.string().nullable(), message: z.string() }))
      .describe('The first rows that became no code, with the reason.'),
  })
  .meta({ id: 'CodeBatch' });

/** A batch of a list: without its report. */
export const listedBatch = z.object(batch).meta({ id: 'ListedCodeBatch' });

export const generateCodes = command({
  type: 'promotions.generate-codes.v1',
  service: 'promotions',
  subject: 'batch_id',
  about: 'Generates many codes by a pattern in the background. The batch shows the progress.',
  refusals: [...termsRefusals, 'PATTERN_INVALID', 'PATTERN_TOO_SMALL'],
  request: generateCodesBody.extend({ created_by: subject }),
  response: codeBatch,
});

export const getCodeBatch = query({
  type: 'promotions.get-code-batch.v1',
  service: 'promotions',
  about: 'Returns the progress of a generation or an import.',
  refusals: ['CODE_BATCH_NOT_FOUND'],
  request: z.object({ batch_id: id }),
  response: codeBatch,
});

/** The filters of a list of batches. */
export const batchFilter = { kind: batch.kind.optional(), state: batch.state.optional() };

export const listCodeBatches = query({
  type: 'promotions.list-code-batches.v1',
  service: 'promotions',
  about: 'Lists generations and imports, newest first.',
  request: z.object({ ...batchFilter, ...paging(z.tuple([instant, id])) }),
  response: pageOf(listedBatch),
});

/** The cells of one row of a CSV file, by the names of their columns. */
const importCells = z.record(z.string().max(64), storableText(cellCharactersMax));

export const beginCodeImport = command({
  type: 'promotions.begin-code-import.v1',
  service: 'promotions',
  subject: 'batch_id',
  about: 'Opens an import. Its rows are added afterwards.',
  request: z.object({ created_by: subject }),
  response: codeBatch,
});

export const addImportRows = command({
  type: 'promotions.add-import-rows.v1',
  service: 'promotions',
  subject: 'batch_id',
  about: 'Adds rows to an import. A repeated row changes nothing.',
  refusals: ['CODE_BATCH_NOT_FOUND', 'CODE_BATCH_CLOSED'],
  request: z.object({
    batch_id: id,
    first_row: z.int().min(1).describe('The number of the first row in the file, without the header.'),
    rows: z.array(importCells).min(1).max(1_000),
  }),
  response: z.object({ batch_id: id, wanted: z.int() }),
});

export const runCodeImport = command({
  type: 'promotions.run-code-import.v1',
  service: 'promotions',
  subject: 'batch_id',
  about: 'Closes an import, whose rows have all arrived. A job creates the codes.',
  refusals: ['CODE_BATCH_NOT_FOUND'],
  request: z.object({
    batch_id: id,
    rows: z
      .int()
      .min(1)
      .optional()
      .describe('How many rows the file has. Another number of received rows means another file.'),
  }),
  response: codeBatch,
});
