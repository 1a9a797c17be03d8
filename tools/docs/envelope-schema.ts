import type { JsonSchema } from '#contracts/json-schema.js';

/** The CloudEvents 1.0 envelope of every event, without its data. */
export const envelopeSchema: JsonSchema = {
  type: 'object',
  properties: {
    specversion: { const: '1.0' },
    id: {
      type: 'string',
      format: 'uuid',
      description: 'Unique per event; a repeat of the same event has the same id.',
    },
    source: { type: 'string', description: 'The service that publishes the event.' },
    type: { type: 'string' },
    subject: { type: 'string', description: 'The id of the entity that the event is about.' },
    time: { type: 'string', format: 'date-time' },
    datacontenttype: { const: 'application/json' },
    traceparent: { type: 'string', description: 'W3C Trace Context.' },
    correlationid: {
      type: 'string',
      description: 'The same for all work that one request of a person or provider causes.',
    },
    causationid: { type: 'string', description: 'The id of the message that caused this one.' },
    author: {
      type: 'string',
      description: 'Of an event that a command caused: who gave the command, as `role/subject` of their token.',
    },
    data: true,
  },
  required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'data'],
};
