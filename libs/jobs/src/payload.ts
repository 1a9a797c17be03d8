import { z } from 'zod';

/** The content of a job in Redis: its data, and the trace in which it was enqueued. */
export const payload = z.object({
  data: z.unknown(),
  traceparent: z.string().optional(),
  correlation_id: z.string().optional(),
});
export type Payload = z.output<typeof payload>;
