import type { Class, ClassBody } from '../../../api/generated/operations.ts';
import { ownZone } from '../../../format/instants.ts';

/** A class as it is typed. */
export interface ClassValues {
  readonly title: string;
  readonly description: string;
  readonly ruleId: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly zone: string;
  readonly currency: string;
  readonly startDate: string;
  readonly endDate: string;
  readonly isLimited: boolean;
  readonly capacity: string;
  readonly needsApproval: boolean;
  readonly paymentWindow: string;
  readonly tolerance: string;
  readonly latePayment: 'reopen' | 'credit';
  readonly repeat: 'refused' | 'allowed';
}

export function emptyClass(): ClassValues {
  return {
    ...{ title: '', description: '', ruleId: '', parameters: {}, zone: ownZone(), currency: 'EUR' },
    ...{ startDate: '', endDate: '', isLimited: false, capacity: '', needsApproval: false },
    ...{ paymentWindow: '48', tolerance: '0', latePayment: 'reopen', repeat: 'refused' },
  };
}

export function valuesOf(found: Class): ClassValues {
  return {
    title: found.title,
    description: found.description,
    ruleId: found.rule_id,
    parameters: found.parameters,
    zone: found.time_zone,
    currency: found.currency,
    startDate: found.start_date ?? '',
    endDate: found.end_date ?? '',
    isLimited: found.capacity !== null,
    capacity: found.capacity === null ? '' : String(found.capacity),
    needsApproval: found.approval_required,
    paymentWindow: String(found.payment_window_hours),
    tolerance: String(found.payment_tolerance_minor),
    latePayment: found.late_payment,
    repeat: found.repeat_enrolment,
  };
}

/** What was typed as a body. A number that is none goes as it was typed, so that the server names it. */
export function bodyOf(values: ClassValues): ClassBody {
  return {
    title: values.title,
    description: values.description,
    rule_id: values.ruleId,
    parameters: values.parameters,
    time_zone: values.zone,
    currency: values.currency,
    start_date: values.startDate || null,
    end_date: values.endDate || null,
    capacity: values.isLimited ? numberIn(values.capacity) : null,
    approval_required: values.needsApproval,
    payment_window_hours: numberIn(values.paymentWindow),
    payment_tolerance_minor: numberIn(values.tolerance),
    late_payment: values.latePayment,
    repeat_enrolment: values.repeat,
  };
}

function numberIn(text: string): number {
  return /^\d+$/.test(text.trim()) ? Number(text) : (text as unknown as number);
}
