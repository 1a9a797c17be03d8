import { isDeepStrictEqual } from 'node:util';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { z } from 'zod';
import { problem } from '#contracts/http.js';
import { type JsonSchema, jsonSchemaOf } from '#contracts/json-schema.js';
import { orderStep } from '#contracts/subscriptions/orders.js';
import { problemCatalogue, problemSchemas } from '../edge/endpoint/problem-schemas.js';
import { examples } from './examples.js';

const about = `Sells places in classes: orders, payments, promo codes, and live order events.

- Bodies are JSON in snake_case; money is \`amount_minor\`, a whole number of minor units, with \`currency\` (ISO 4217).
- Every answer other than 2xx is a problem document (RFC 9457). Programs decide by its \`code\`; people read its \`detail\`.
  \`x-refusals\` lists the codes of each operation, and \`x-problems\` says of each code its status, its meaning and its \`details\`.
- \`Idempotency-Key\` makes a repeat harmless: the same key with the same body gets the first answer, also a refusal.
  Such an answer carries \`Idempotent-Replayed: true\` and \`Idempotent-First-Answered-At\`. For a new decision send a new key.
- Lists take \`page\` (from 1) and \`limit\`, and answer \`items\`, \`total\`, \`page\` and \`limit\`.
- Each answer carries \`traceparent\` and \`x-correlation-id\`, which the logs and messages of the request carry too.`;

const components = '#/components/schemas/';

/** Every tag of the API, in the order of the documents. */
const tags = {
  Persons: 'Registration of persons, and their enrolments.',
  Accounts: 'Balances and entries of a person’s account.',
  Classes: 'Classes that can be ordered, and their price.',
  Orders: 'Orders of a class, their money and their live events.',
  Subscriptions: 'What closed orders began: their periods, what they wait for, and their end.',
  'Promo codes': 'Validation and application of promo codes by persons.',
  Conversions: 'Conversions in outside systems, recorded with a signature or by an admin.',
  'Publisher: promo codes': 'A publisher’s own promo codes and their analytics.',
  'Admin: rules': 'Parameter types, and the rules that compute a price.',
  'Admin: persons': 'Search and correction of persons.',
  'Admin: classes': 'Publication and change of classes.',
  'Admin: orders': 'Approval of orders.',
  'Admin: payments': 'Payments by hand, payments in suspense, quarantined notifications.',
  'Admin: ledger': 'The trial balance, the accounts with their entries, and the transfers.',
  'Admin: promo codes': 'Management, batches, analytics and checks of promo codes.',
  'Admin: webhooks': 'Endpoints of outside systems that get events, and the log of their deliveries.',
  'Admin: actions': 'Who did what: the commands of admins and operators.',
  'Admin: offers': 'Offers of outside systems that promo codes apply to.',
};

type OperationObject = NonNullable<OpenAPIObject['paths'][string]['get']> & { 'x-refusals'?: string[] };
type BodyObject = Exclude<NonNullable<OperationObject['requestBody']>, { $ref: string }>;
type ResponseObject = Exclude<OperationObject['responses'][string], undefined | { $ref: string }>;

/** OpenAPI 3.1 of every route of the gateway, from the routes themselves and their contracts. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Matricula')
    .setDescription(about)
    .setVersion('1.0.0')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description:
        'A token of the configured issuer with one of the roles member, publisher, admin and ops. A member is the person with ' +
        'the id in `sub`, or the person who has registered under it.',
    })
    .addSecurity('ticket', {
      type: 'apiKey',
      in: 'query',
      name: 'ticket',
      description:
        'A ticket for the live stream of one order, for the EventSource of a browser, which can send no token.',
    })
    .addSecurity('signature', {
      type: 'apiKey',
      in: 'header',
      name: 'webhook-signature',
      description:
        'The signature of an outside system by Standard Webhooks (https://www.standardwebhooks.com): `v1,` and the base64 of ' +
        'the HMAC-SHA256 of `{webhook-id}.{webhook-timestamp}.{body}` with one of the shared secrets. `webhook-id` and ' +
        '`webhook-timestamp` (seconds since 1970, at most 300 s off) are headers too.',
    });
  for (const [name, description] of Object.entries(tags)) config.addTag(name, description);
  const document = SwaggerModule.createDocument(app, config.build(), {
    operationIdFactory: (_controller, method) => method,
    standardSchemaConverter: (schema, { schemaType }) => {
      const { schema: converted, definitions } = jsonSchemaOf(schema as z.ZodType, {
        io: schemaType,
        refs: components,
      });
      return { schema: converted, components: definitions } as never;
    },
  });
  const schemas = (document.components?.schemas ?? {}) as Record<string, JsonSchema>;
  for (const extra of [problem, orderStep]) {
    Object.assign(schemas, jsonSchemaOf(extra, { io: 'output', refs: components }).definitions);
  }
  for (const [name, example] of Object.entries(examples)) {
    if (schemas[name]) schemas[name].examples = [example];
  }
  const paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => path.startsWith('/api/')));
  const operations = Object.values(paths).flatMap((path) => Object.values(path) as OperationObject[]);
  for (const { requestBody } of operations) {
    if (requestBody && 'content' in requestBody) requestBody.required = !hasDefault(requestBody);
  }
  const codes = new Set(operations.flatMap((operation) => operation['x-refusals'] ?? []));
  Object.assign(schemas, problemSchemas(codes));
  const responses = shareResponses(operations);
  const described = { ...document, paths, components: { ...document.components, responses } };
  return { ...described, 'x-problems': problemCatalogue(codes) } as OpenAPIObject;
}

/** Problems that nearly every endpoint answers with the same text are components. */
const shared: Readonly<Record<string, string>> = {
  401: 'Unauthenticated',
  403: 'Forbidden',
  413: 'BodyTooLarge',
  415: 'UnsupportedMediaType',
  503: 'ServiceUnavailable',
};

/** Whether the body may be left out, because its schema has a default. */
function hasDefault({ content }: BodyObject): boolean {
  return Object.values(content).some(({ schema }) => schema !== undefined && 'default' in schema);
}

function shareResponses(operations: readonly OperationObject[]): Record<string, ResponseObject> {
  const responses: Record<string, ResponseObject> = {};
  for (const operation of operations) {
    for (const [status, name] of Object.entries(shared)) {
      const response = operation.responses[status] as ResponseObject | undefined;
      if (!response) continue;
      responses[name] ??= response;
      if (!isDeepStrictEqual(response, responses[name])) continue;
      operation.responses[status] = { $ref: `#/components/responses/${name}` };
    }
  }
  return responses;
}
