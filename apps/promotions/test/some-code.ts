import { foldCode } from '#contracts/promotions/fold-code.js';
import { newId } from '#kernel/ids.js';
import type { PromotionsHarness } from './promotions-harness.js';

let made = 0;

/** Columns of `promo_code` that a test cares about; the rest is as harmless as can be. */
export type CodeColumns = Readonly<Record<string, unknown>>;

/** A code straight into the table: active, at any hour, for everybody, a tenth off or a fixed bonus. */
export async function someCode(
  harness: PromotionsHarness,
  columns: CodeColumns = {},
): Promise<{ id: string; code: string }> {
  made += 1;
  const id = newId();
  const code = String(columns.code ?? `Code-${process.pid}-${made}`);
  const row: Record<string, unknown> = {
    id,
    code,
    folded: foldCode(code),
    kind: 'discount',
    ...(columns.percent_bp === undefined && columns.amount_minor === undefined ? { percent_bp: 1_000 } : {}),
    status: 'active',
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    created_by: 'test',
    ...columns,
  };
  const names = Object.keys(row);
  await harness.query(
    `insert into promo_code (${names.join(', ')}) select ${names.join(', ')} from jsonb_populate_record(null::promo_code, $1::jsonb)`,
    [JSON.stringify(row)],
  );
  return { id, code };
}
