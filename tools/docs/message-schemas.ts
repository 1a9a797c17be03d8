import type { ZodType } from 'zod';
import { events, requests } from '#contracts/catalogue.js';
import type { EventContract } from '#contracts/contract.js';
import { type JsonSchema, jsonSchemaOf } from '#contracts/json-schema.js';

const dialect = 'https://json-schema.org/draft/2020-12/schema';

/** The CloudEvents 1.0 envelope that every event travels in, without its data. */
export const envelopeSchema: JsonSchema = {
  type: 'object',
  properties: {
    specversion: { const: '1.0' },
    id: {
      type: 'string',
      format: 'uuid',
      description: 'Unique per event; a repeat of the same event has the same id.',
    },
    source: { type: 'string', description: 'The service that publishes it.' },
    type: { type: 'string' },
    subject: { type: 'string', description: 'The id of what it is about.' },
    time: { type: 'string', format: 'date-time' },
    datacontenttype: { const: 'application/json' },
    traceparent: { type: 'string', description: 'W3C Trace Context.' },
    correlationid: {
      type: 'string',
      description: 'The same for everything that follows from one thing a person or provider did.',
    },
    causationid: { type: 'string', description: 'The id of the message that led to this one.' },
    data: true,
  },
  required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'data'],
};

/** One JSON Schema per message on the wire, by the name of its file. */
export function messageSchemas(): Map<string, JsonSchema> {
  const schemas = new Map<string, JsonSchema>();
  for (const event of events) schemas.set(event.type, eventSchema(event));
  for (const { type, about, request, response } of requests) {
    schemas.set(`${type}.request`, schemaOf(`${type}.request`, about, request, 'input'));
    schemas.set(`${type}.response`, schemaOf(`${type}.response`, `What ${type} is answered with.`, response, 'output'));
  }
  return schemas;
}

/** The whole message: the envelope with its type and data described precisely. */
function eventSchema({ type, producer, about, data }: EventContract): JsonSchema {
  const { $defs, ...dataSchema } = schemaOf(type, about, data, 'output') as JsonSchema & { $defs?: JsonSchema };
  const { $schema, $id, title, description, ...bare } = dataSchema as JsonSchema & Record<string, unknown>;
  const { properties, ...envelope } = envelopeSchema as { properties: JsonSchema };
  return {
    $schema,
    $id,
    title,
    description,
    ...envelope,
    properties: { ...properties, source: { const: producer }, type: { const: type }, data: bare },
    ...($defs && { $defs }),
  };
}

function schemaOf(name: string, about: string, contract: ZodType, io: 'input' | 'output'): JsonSchema {
  const { schema, definitions } = jsonSchemaOf(contract, { io });
  return {
    $schema: dialect,
    $id: `urn:matricula:schema:${name}`,
    title: name,
    description: about,
    ...schema,
    ...(Object.keys(definitions).length > 0 && { $defs: definitions }),
  };
}
