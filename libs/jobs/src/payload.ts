import { z } from 'zod';

/** What stands in Redis for one job: its data, and the trace of whoever asked for it. */
export const payload = z.object({
  data: z.unknown(),
  traceparent: z.string().optional(),
  correlation_id: z.string().optional(),
});
export type Payload = z.output<typeof payload>;
