import type { ApiResponseOptions } from '@nestjs/swagger';
import type { RequestContract } from '#contracts/contract.js';
import type { EndpointOptions } from './endpoint-options.js';

/** An endpoint with its requests in one list. */
export type DocumentedEndpoint = Omit<EndpointOptions, 'requests'> & { readonly requests: readonly RequestContract[] };

/** The successful answer of an endpoint, for the API documents. */
export function answerOf({
  status = 200,
  location,
  links,
  key,
  answer,
  streams,
  csv,
  requests: [first],
}: DocumentedEndpoint): ApiResponseOptions {
  if (streams) {
    return {
      status,
      description: 'A stream of server-sent events; see the description.',
      content: { 'text/event-stream': { schema: streamSchema, example: streamExample } },
    };
  }
  if (csv) {
    const content = { 'text/csv': { schema: { type: 'string' as const } } };
    return {
      status,
      description: 'A CSV file (RFC 4180) with a header row, streamed.',
      content,
    };
  }
  return {
    status,
    description: status === 201 ? 'Created.' : 'Success.',
    standardSchema: answer ?? first?.response,
    headers: {
      ...(location && {
        Location: { description: `The address of the new resource: \`${location}\``, schema: { type: 'string' } },
      }),
      ...(links && { Link: { description: linkMeans, schema: { type: 'string' } } }),
      ...(key && replayHeaders),
    },
  };
}

const linkMeans = 'RFC 8288: the pages `first`, `prev`, `next` and `last`, where they exist.';

/** Problems carry these headers too: a refusal is stored like any other answer. */
const replayHeaders: NonNullable<ApiResponseOptions['headers']> = {
  'Idempotent-Replayed': {
    description: '`true` when this is the stored answer to an earlier request with the same Idempotency-Key.',
    schema: { type: 'string', enum: ['true'] },
  },
  'Idempotent-First-Answered-At': {
    description: 'When the stored answer was first given.',
    schema: { type: 'string', format: 'date-time' },
  },
};

/** The answer of a stream that has no more events. */
export const noMoreEvents: ApiResponseOptions = {
  status: 204,
  description: 'The order is finished, and all its steps up to `Last-Event-ID` were sent: do not reconnect.',
};

/** JSON Schema says nothing of server-sent events: the content of the text is a list of events. */
const streamSchema = {
  type: 'string' as const,
  contentMediaType: 'text/event-stream',
  contentSchema: {
    type: 'array',
    items: {
      type: 'object',
      properties: {
        id: { type: 'string' },
        event: { type: 'string' },
        data: { $ref: '#/components/schemas/OrderStep' },
      },
    },
  },
};

const streamExample = [
  'id: 1\nevent: opened\ndata: {"step":1,"name":"opened","description":"…","at":"2026-03-02T09:00:00Z"}\n',
  'id: 2\nevent: confirmed\ndata: {"step":2,"name":"confirmed","description":"…","at":"2026-03-02T09:00:04Z"}\n',
].join('\n');
