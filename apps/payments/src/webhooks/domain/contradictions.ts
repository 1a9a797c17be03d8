import { refundRefusals } from '../../refunds/domain/refund.js';

/**
 * Why money was quarantined: the notification contradicts what is stored, or does not fit its payment. Such a
 * notification was supported when it came, so a repeat of it is a duplicate and never applied.
 */
export const contradictions = ['PAYMENT_REUSED', ...refundRefusals] as const;
