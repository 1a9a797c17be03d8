import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import type { ResponseOf } from '#contracts/contract.js';
import type { exportUserApplications } from '#contracts/promo-analytics.js';

type Piece = ResponseOf<typeof exportUserApplications>;

const columns = [
  'user_id',
  'username',
  'email',
  'offer_id',
  'offer_name',
  'applied_at',
  'bonus_earned',
  'currency',
  'conversion_id',
] as const;

/**
 * The applications as CSV (RFC 4180), piece by piece: the next one is asked for when the client has taken the last one.
 * A piece that does not come breaks the answer off, so that half a file never looks whole.
 */
export function csvOf(first: Piece, next: (below: number) => Promise<Piece>): Readable {
  return Readable.from(texts(first, next), { objectMode: false });
}

async function* texts(first: Piece, next: (below: number) => Promise<Piece>): AsyncGenerator<string> {
  yield textOf([columns]);
  for (let piece = first; ; ) {
    if (piece.applications.length > 0) {
      yield textOf(piece.applications.map((application) => columns.map((column) => application[column])));
    }
    if (piece.next === null) return;
    piece = await next(piece.next);
  }
}

/** Cells that a spreadsheet would take for a formula are disarmed: names come from anybody. */
function textOf(rows: readonly (readonly unknown[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    // A lone CR or LF is no delimiter here and would stand bare; whoever reads the file takes it for one.
    { record_delimiter: 'windows', quoted_match: /[\r\n]/, escape_formulas: true },
  );
}
