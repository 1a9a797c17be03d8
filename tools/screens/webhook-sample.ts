import type { Gateway } from '../story/gateway.ts';

/** A webhook endpoint with a delivery. Nobody listens there, so its log has failures. */
export async function webhookSample(admin: Gateway): Promise<{ readonly webhookEndpointId: string }> {
  const body = {
    url: 'http://127.0.0.1:9/hooks/matricula',
    description: 'The CRM of the school',
    event_types: ['subscriptions.order-opened.v1', 'subscriptions.order-closed.v1'],
  };
  const made = await admin.post<{ endpoint: { endpoint_id: string } }>(
    '/admin/webhook-endpoints',
    body,
    'sample-webhook',
  );
  const webhookEndpointId = made.endpoint.endpoint_id;
  await admin.post(`/admin/webhook-endpoints/${webhookEndpointId}/ping`, undefined, 'sample-webhook-ping');
  return { webhookEndpointId };
}
