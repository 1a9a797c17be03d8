import { Link, type LinkProps } from '@tanstack/react-router';
import { shortOwner } from '../../format/short-id.ts';

type Target = (id: string) => Pick<LinkProps, 'to' | 'params' | 'search'>;

const order: Target = (id) => ({ to: '/orders/$id', params: { id } });
const payment: Target = (id) => ({ to: '/payments/$id', params: { id } });
const person: Target = (id) => ({ to: '/persons/$id', params: { id } });
const classOfId: Target = (id) => ({ to: '/admin/classes/$id', params: { id } });
const rule: Target = (id) => ({ to: '/rules/$id', params: { id } });
const parameterType: Target = (name) => ({ to: '/parameter-types/$name', params: { name } });
const code: Target = (codeId) => ({ to: '/admin/promo-codes/$codeId', params: { codeId } });
const batch: Target = (batchId) => ({ to: '/admin/batches/$batchId', params: { batchId } });
const conversion: Target = (id) => ({ to: '/admin/conversions', search: { id } });
const offers: Target = () => ({ to: '/admin/offers' });
const webhook: Target = (endpointId) => ({ to: '/admin/webhooks/$endpointId', params: { endpointId } });
const quarantined: Target = () => ({ to: '/quarantined', search: { state: 'dismissed' } });

/** Where the subject of a command is seen, by the name of the command. */
const targets: Readonly<Record<string, Target>> = {
  'open-order': order,
  'open-discounted-order': order,
  'cancel-order': order,
  'approve-order': order,
  'begin-checkout': order,
  'write-off-shortfall': order,
  'register-payment': payment,
  'assign-payment': payment,
  'dismiss-payment': payment,
  'refund-payment': payment,
  'correct-payment': payment,
  'reassign-payment': payment,
  'register-person': person,
  'change-person': person,
  'pay-out-balance': person,
  'create-class': classOfId,
  'change-class': classOfId,
  'publish-rule': rule,
  'retire-rule': rule,
  'reinstate-rule': rule,
  'save-parameter-type': parameterType,
  'change-parameter-type': parameterType,
  'create-code': code,
  'change-code': code,
  'change-code-status': code,
  'apply-code': code,
  'generate-codes': batch,
  'begin-code-import': batch,
  'add-import-rows': batch,
  'run-code-import': batch,
  'record-conversions': conversion,
  'reverse-conversion': conversion,
  'register-offer': offers,
  'change-offer': offers,
  'delete-offer': offers,
  'dismiss-notification': quarantined,
  'create-webhook-endpoint': webhook,
  'change-webhook-endpoint': webhook,
  'pause-webhook-endpoint': webhook,
  'resume-webhook-endpoint': webhook,
  'archive-webhook-endpoint': webhook,
  'rotate-webhook-secret': webhook,
  'ping-webhook-endpoint': webhook,
  'replay-webhook-delivery': webhook,
  'replay-webhook-events': webhook,
};

/** What a command changed, as a link to it where a screen shows it. */
export function SubjectLink({ kind, subject }: { readonly kind: string; readonly subject: string }) {
  const target = targets[kind];
  if (!target) return <code translate="no">{subject}</code>;
  return (
    <Link {...target(subject)} translate="no">
      {shortOwner(subject)}
    </Link>
  );
}
