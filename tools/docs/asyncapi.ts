import { events, requests } from '#contracts/catalogue.js';
import type { EventContract, RequestContract, Service } from '#contracts/contract.js';
import { type JsonSchema, jsonSchemaOf } from '#contracts/json-schema.js';
import { envelopeSchema } from './envelope-schema.ts';

type Part = Record<string, unknown>;

const components = '#/components/schemas/';
const ref = (path: string) => ({ $ref: path });
const tag = (name: keyof typeof tags) => ref(`#/components/tags/${name}`);

const tags = {
  gateway: 'The HTTP edge for clients of the API.',
  subscriptions: 'Persons, classes, rules, orders and enrolments.',
  payments: 'Payments of providers, receivables and the ledger.',
  promotions: 'Promo codes, redemptions, conversions and their analytics.',
  notifications: 'Webhooks to outside systems, and the log of their deliveries.',
  ops: 'Dashboards for operators.',
  command: 'A request that changes something; a repeat with the same command id gets the first answer.',
  query: 'A request that changes nothing.',
};

/** AsyncAPI 3.0 of all events and requests, from the catalogue. */
export function asyncApiDocument(): Part {
  const schemas: Record<string, JsonSchema> = { Envelope: envelopeSchema };
  const services = [...new Set(requests.map(({ service }) => service))];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Matricula: messages between the services',
      version: '1.0.0',
      description:
        'Events are CloudEvents 1.0 in structured JSON on one durable topic exchange. Each service receives them in a ' +
        'quorum queue of its own name, at least once, and in order per subject. Under load, events of one type are sent as ' +
        'a CloudEvents batch, whose routing key ends in `batch` instead of a subject. Requests are sent to ' +
        '`<service>.requests` and answered by direct reply-to, within a deadline.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      rabbitmq: {
        host: '127.0.0.1:4612',
        protocol: 'amqp',
        description: 'The broker of `npm start`; AMQP_URL sets another one.',
        security: [ref('#/components/securitySchemes/brokerUser')],
      },
    },
    channels: {
      ...Object.fromEntries(events.map((event) => [event.type, eventChannel(event)])),
      ...Object.fromEntries(services.map((service) => [`${service}.requests`, requestChannel(service)])),
      replies: {
        description: 'RabbitMQ’s direct reply-to. The address is in the request’s `reply_to`.',
        messages: Object.fromEntries(
          requests.map(({ type }) => [`${type}.response`, ref(`#/components/messages/${type}.response`)]),
        ),
      },
    },
    operations: {
      ...Object.fromEntries(events.flatMap(eventOperations)),
      ...Object.fromEntries(requests.map(requestOperation)),
    },
    components: {
      securitySchemes: {
        brokerUser: {
          type: 'userPassword',
          description: 'A broker user per service, with permissions for its own queues.',
        },
      },
      tags: Object.fromEntries(Object.entries(tags).map(([name, description]) => [name, { name, description }])),
      messages: {
        ...Object.fromEntries(events.map((event) => [event.type, eventMessage(event, schemas)])),
        ...Object.fromEntries(requests.flatMap((request) => requestMessages(request, schemas))),
      },
      schemas: Object.fromEntries(Object.entries(schemas).sort(([left], [right]) => (left < right ? -1 : 1))),
    },
  };
}

function eventChannel({ type, about }: EventContract): Part {
  return {
    address: `${type}.{subject}`,
    description: about,
    parameters: { subject: { description: 'The id of the entity that the event is about.' } },
    messages: { [type]: ref(`#/components/messages/${type}`) },
    bindings: {
      amqp: {
        is: 'routingKey',
        exchange: { name: 'matricula.events', type: 'topic', durable: true, autoDelete: false },
      },
    },
  };
}

function requestChannel(service: string): Part {
  const own = requests.filter((request) => request.service === service);
  return {
    address: `${service}.requests`,
    description: `Requests to ${service}. A request that has waited past its deadline is not executed.`,
    messages: Object.fromEntries(
      own.map(({ type }) => [`${type}.request`, ref(`#/components/messages/${type}.request`)]),
    ),
    bindings: {
      amqp: { is: 'queue', queue: { name: `${service}.requests`, durable: true, exclusive: false, autoDelete: false } },
    },
  };
}

function eventOperations({ type, producer, consumers, about }: EventContract): [string, Part][] {
  const operation = (service: Service, action: 'send' | 'receive'): Part => ({
    action,
    channel: ref(`#/channels/${type}`),
    title: `${service} ${action === 'send' ? 'publishes' : 'receives'} ${type}`,
    summary: about,
    tags: [tag(service)],
    messages: [ref(`#/channels/${type}/messages/${type}`)],
  });
  return [
    [`${producer}.publishes.${type}`, operation(producer, 'send')],
    ...consumers.map((service): [string, Part] => [`${service}.receives.${type}`, operation(service, 'receive')]),
  ];
}

function requestOperation({ type, service, kind, about, refusals = [] }: RequestContract): [string, Part] {
  const channel = `${service}.requests`;
  return [
    `${service}.answers.${type}`,
    {
      action: 'receive',
      channel: ref(`#/channels/${channel}`),
      title: `${service} answers ${type}`,
      summary: about,
      description: refusals.length > 0 ? `Refused with ${refusals.join(', ')}.` : 'Never refused.',
      tags: [tag(service), tag(kind)],
      messages: [ref(`#/channels/${channel}/messages/${type}.request`)],
      reply: {
        address: { location: '$message.header#/reply_to' },
        channel: ref('#/channels/replies'),
        messages: [ref(`#/channels/replies/messages/${type}.response`)],
      },
    },
  ];
}

function eventMessage({ type, producer, about, data }: EventContract, schemas: Record<string, JsonSchema>): Part {
  const { schema, definitions } = jsonSchemaOf(data, { io: 'output', refs: components });
  Object.assign(schemas, definitions);
  return {
    name: type,
    title: type,
    summary: about,
    contentType: 'application/cloudevents+json',
    payload: {
      allOf: [ref(`${components}Envelope`)],
      properties: { source: { const: producer }, type: { const: type }, data: schema },
    },
  };
}

function requestMessages(contract: RequestContract, schemas: Record<string, JsonSchema>): [string, Part][] {
  const { type, about, kind } = contract;
  const message = (part: 'request' | 'response', summary: string): [string, Part] => {
    const io = part === 'request' ? 'input' : 'output';
    const { schema, definitions } = jsonSchemaOf(contract[part], { io, refs: components });
    Object.assign(schemas, definitions);
    const payload = part === 'request' ? schema : answerOr(schema);
    return [`${type}.${part}`, { name: `${type}.${part}`, title: `${type} (${part})`, summary, payload }];
  };
  return [
    message('request', about),
    message('response', `The response to this ${kind}, or the reason for its failure.`),
  ];
}

/** A reply: the answer, a refusal, or the reason why the service failed. */
function answerOr(answer: JsonSchema): JsonSchema {
  return {
    oneOf: [
      { type: 'object', properties: { answer }, required: ['answer'] },
      { type: 'object', properties: { refusal: refusalSchema }, required: ['refusal'] },
      { type: 'object', properties: { unavailable: { type: 'string' } }, required: ['unavailable'] },
      { type: 'object', properties: { fault: { type: 'string' } }, required: ['fault'] },
    ],
  };
}

const refusalSchema: JsonSchema = {
  type: 'object',
  properties: { code: { type: 'string' }, message: { type: 'string' }, details: { type: 'object' } },
  required: ['code', 'message'],
};
