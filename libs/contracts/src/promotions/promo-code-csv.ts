import type { z } from 'zod';
import type { exportedCode } from './promo-codes.js';

/**
 * Codes as CSV: one row each, named columns in any order, an empty cell for a missing value. An import accepts the file
 * of an export; it ignores counters and instants. A list is one cell: `a;b`, or JSON (`["a","b"]`). The persons of a
 * listed code are not exported.
 */

type Cells = Readonly<Record<string, string>>;
type Code = z.output<typeof exportedCode>;

const text = (cell: string) => cell;
/** A cell that is not a whole number stays text, and the schema refuses it. */
const whole = (cell: string) => (/^\s*-?\d{1,15}\s*$/.test(cell) ? Number(cell) : cell);
const truth = (cell: string) => ({ true: true, false: false })[cell.trim().toLowerCase()] ?? cell;

function listOf(cell: string): unknown {
  if (!cell.trimStart().startsWith('[')) return cell.split(';').map((item) => item.trim());
  try {
    return JSON.parse(cell);
  } catch {
    return cell;
  }
}

const numbersOf = (cell: string) =>
  [listOf(cell)].flat().map((item) => (typeof item === 'string' ? whole(item) : item));

function cellOf(list: readonly (string | number)[] | null): string {
  if (!list || list.length === 0) return '';
  const isPlain = list.every((item) => !/^\[|;|^\s|\s$/.test(String(item)));
  return isPlain ? list.join(';') : JSON.stringify(list);
}

interface Column {
  /** Where the value stands in the body of a new code; none for what only an export writes. */
  readonly path?: readonly [string, string?];
  readonly read: (cell: string) => unknown;
  readonly write: (code: Code) => string | number | boolean | null;
}

const reasons = ['cancel', 'refund', 'fraud', 'chargeback'] as const;

const columns: Readonly<Record<string, Column>> = {
  code: { path: ['code'], read: text, write: ({ code }) => code },
  title: { path: ['title'], read: text, write: ({ title }) => title },
  owner_id: { path: ['owner_id'], read: text, write: ({ owner_id }) => owner_id },
  kind: { path: ['kind'], read: text, write: ({ kind }) => kind },
  percent_bp: { path: ['percent_bp'], read: whole, write: ({ percent_bp }) => percent_bp },
  amount_minor: { path: ['amount_minor'], read: whole, write: ({ amount_minor }) => amount_minor },
  cap_minor: { path: ['cap_minor'], read: whole, write: ({ cap_minor }) => cap_minor },
  minimum_minor: { path: ['minimum_minor'], read: whole, write: ({ minimum_minor }) => minimum_minor },
  currency: { path: ['currency'], read: text, write: ({ currency }) => currency },
  valid_from: { path: ['valid_from'], read: text, write: ({ valid_from }) => valid_from },
  valid_until: { path: ['valid_until'], read: text, write: ({ valid_until }) => valid_until },
  hours_enabled: { path: ['active_hours', 'enabled'], read: truth, write: ({ active_hours }) => active_hours.enabled },
  start_time: {
    path: ['active_hours', 'start_time'],
    read: text,
    write: ({ active_hours }) => active_hours.start_time,
  },
  end_time: { path: ['active_hours', 'end_time'], read: text, write: ({ active_hours }) => active_hours.end_time },
  timezone: { path: ['active_hours', 'timezone'], read: text, write: ({ active_hours }) => active_hours.timezone },
  days: { path: ['days'], read: numbersOf, write: ({ days }) => cellOf(days) },
  max_uses: { path: ['max_uses'], read: whole, write: ({ max_uses }) => max_uses },
  max_uses_per_person: {
    path: ['max_uses_per_person'],
    read: whole,
    write: ({ max_uses_per_person }) => max_uses_per_person,
  },
  max_uses_per_offer: {
    path: ['max_uses_per_offer'],
    read: whole,
    write: ({ max_uses_per_offer }) => max_uses_per_offer,
  },
  budget_minor: { path: ['budget_minor'], read: whole, write: ({ budget_minor }) => budget_minor },
  offers_rule: { path: ['offers_rule'], read: text, write: ({ offers_rule }) => offers_rule },
  offers: { path: ['offers'], read: listOf, write: ({ offers }) => cellOf(offers) },
  audience: { path: ['audience'], read: text, write: ({ audience }) => audience },
  persons: { path: ['persons'], read: listOf, write: () => '' },
  stacking: { path: ['stacking'], read: text, write: ({ stacking }) => stacking },
  precedence: { path: ['precedence'], read: whole, write: ({ precedence }) => precedence },
  auto_deactivate_on_max_uses: {
    path: ['auto_deactivate_on_max_uses'],
    read: truth,
    write: ({ auto_deactivate_on_max_uses }) => auto_deactivate_on_max_uses,
  },
  counts_on: { path: ['counts_on'], read: text, write: ({ counts_on }) => counts_on },
  hold_hours: { path: ['hold_hours'], read: whole, write: ({ hold_hours }) => hold_hours },
  hold_past_validity: {
    path: ['hold_past_validity'],
    read: truth,
    write: ({ hold_past_validity }) => hold_past_validity,
  },
  ...Object.fromEntries(
    reasons.map((reason): [string, Column] => [
      `give_back_${reason}`,
      { path: ['give_back', reason], read: truth, write: ({ give_back }) => give_back[reason] },
    ]),
  ),
  status: {
    path: ['status'],
    // An imported code is neither expired nor archived.
    read: (cell) => ({ expired: 'paused', archived: 'paused' })[cell.trim()] ?? cell.trim(),
    write: ({ status }) => status,
  },
  usage_count: { read: text, write: ({ usage_count }) => usage_count },
  held_count: { read: text, write: ({ held_count }) => held_count },
  given_minor: { read: text, write: ({ given_minor }) => given_minor },
  held_minor: { read: text, write: ({ held_minor }) => held_minor },
  auto_deactivated_at: { read: text, write: ({ auto_deactivated_at }) => auto_deactivated_at },
  first_used_at: { read: text, write: ({ first_used_at }) => first_used_at },
  created_at: { read: text, write: ({ created_at }) => created_at },
  created_by: { read: text, write: ({ created_by }) => created_by },
};

export const codeColumns: readonly string[] = Object.keys(columns);

/** A code as the cells of its row, in the order of `codeColumns`. */
export function rowOfCode(code: Code): (string | number | boolean | null)[] {
  return Object.values(columns).map(({ write }) => write(code));
}

/** The cells of a row as the body of a new code, to be checked against its schema. */
export function codeOfCells(cells: Cells): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [name, cell] of Object.entries(cells)) {
    const column = columns[name];
    if (!column?.path || cell.trim() === '') continue;
    const [member, inner] = column.path;
    const value = column.read(cell);
    if (inner === undefined) body[member] = value;
    else body[member] = { ...(body[member] as object | undefined), [inner]: value };
  }
  return body;
}

/** The column of the member at `path`. */
export function columnAt(path: readonly PropertyKey[]): string {
  const named = Object.entries(columns).find(
    ([, { path: at }]) => at && at[0] === path[0] && (at[1] === undefined || at[1] === path[1]),
  );
  return named?.[0] ?? path.map(String).join('.');
}
