import type { LedgerAccount } from '../../api/generated/operations.ts';

export const kinds = [
  'provider_clearing',
  'person',
  'class',
  'suspense',
  'promotion_expense',
  'write_off',
  'debt',
  'refund_expense',
  'foreign_money',
  'tax',
  'shipping',
  'tip',
  'payouts',
] as const satisfies readonly LedgerAccount['kind'][];
