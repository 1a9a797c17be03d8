import type { Commitments, OpenOrder } from './domain/person-commitments.js';

/** A row of the query of commitments; the columns of another kind are null. */
export type CommitmentRow = {
  readonly person_id: string;
  readonly class_id: string;
} & (
  | {
      readonly kind: 'open';
      readonly id: string;
      readonly state: OpenOrder['state'];
      readonly expires_at: OpenOrder['expiresAt'];
    }
  | {
      readonly kind: 'enrolled';
      readonly id: string;
      readonly start_date: Temporal.PlainDate;
      readonly end_date: Temporal.PlainDate | null;
    }
  | { readonly kind: 'unpaid'; readonly unpaid: number }
);

/** The commitments of these rows. */
export function commitmentsOf(rows: readonly CommitmentRow[]): Commitments {
  return {
    openOrders: rows.flatMap((row) => (row.kind === 'open' ? [openOrderOf(row)] : [])),
    enrolments: rows.flatMap((row) => (row.kind === 'enrolled' ? [enrolledDaysOf(row)] : [])),
    unpaid: new Map(rows.flatMap((row) => (row.kind === 'unpaid' ? [[row.person_id, row.unpaid]] : []))),
  };
}

function openOrderOf(row: CommitmentRow & { kind: 'open' }): OpenOrder {
  return {
    id: row.id,
    personId: row.person_id,
    classId: row.class_id,
    state: row.state,
    expiresAt: row.expires_at,
  };
}

function enrolledDaysOf(row: CommitmentRow & { kind: 'enrolled' }) {
  return {
    orderId: row.id,
    personId: row.person_id,
    classId: row.class_id,
    startDate: row.start_date,
    endDate: row.end_date,
  };
}
