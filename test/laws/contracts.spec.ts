import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { DynamicModule, ModuleMetadata, Type } from '@nestjs/common';
import { PATTERN_HANDLER_METADATA, PATTERN_METADATA } from '@nestjs/microservices/constants.js';
import { PatternHandler } from '@nestjs/microservices/enums/pattern-handler.enum.js';
import type { z } from 'zod';
import { events, requests } from '#contracts/catalogue.js';
import type { EventContract, RequestContract, Service } from '#contracts/contract.js';
import { getOrderMoney, movement } from '#contracts/payments/accounts.js';
import { examples } from '../../apps/gateway/src/documents/examples.js';
import { problemKinds } from '../../apps/gateway/src/edge/endpoint/problem-kinds.js';
import { readNotificationsConfig } from '../../apps/notifications/src/notifications.config.js';
import { NotificationsModule } from '../../apps/notifications/src/notifications.module.js';
import { PaymentServiceModule } from '../../apps/payments/src/payment-service.module.js';
import { readPaymentsConfig } from '../../apps/payments/src/payments.config.js';
import { explain as explainReceivable } from '../../apps/payments/src/receivables/domain/receivable.js';
import { benefitOf } from '../../apps/promotions/src/codes/domain/benefit.js';
import { readPromotionsConfig } from '../../apps/promotions/src/promotions.config.js';
import { PromotionsModule } from '../../apps/promotions/src/promotions.module.js';
import { openOrder } from '../../apps/subscriptions/src/orders/domain/order.js';
import { orderView, progressView } from '../../apps/subscriptions/src/orders/order-view.js';
import { plainChoice } from '../../apps/subscriptions/src/rules/domain/methods/method.js';
import { singlePayment } from '../../apps/subscriptions/src/rules/domain/methods/single-payment.js';
import { explain as explainQuote } from '../../apps/subscriptions/src/rules/domain/rule.js';
import { readSubscriptionsConfig } from '../../apps/subscriptions/src/subscriptions.config.js';
import { SubscriptionsModule } from '../../apps/subscriptions/src/subscriptions.module.js';

const root = join(import.meta.dirname, '../..');
/** Every module of libs/contracts except the catalogue and ops; the shared schemas among them are no contracts. */
const modules: readonly Record<string, unknown>[] = await Promise.all(
  globSync('**/*.ts', { cwd: join(root, 'libs/contracts/src') })
    .map((path) => path.slice(0, -'.ts'.length))
    .filter((name) => !name.endsWith('.spec') && name !== 'catalogue' && name !== 'ops')
    .map((name) => import(`#contracts/${name}.js`)),
);

const nowhere = {
  DATABASE_URL: 'postgresql://nowhere/none',
  REDIS_URL: 'redis://nowhere',
  AMQP_URL: 'amqp://nowhere',
};

/** What each service is made of. The gateway and ops consume no events and answer no requests. */
const apps: Partial<Record<Service, DynamicModule>> = {
  subscriptions: SubscriptionsModule.with(readSubscriptionsConfig(nowhere)),
  payments: PaymentServiceModule.with(readPaymentsConfig(nowhere)),
  promotions: PromotionsModule.with(readPromotionsConfig(nowhere)),
  notifications: NotificationsModule.with(
    readNotificationsConfig({ ...nowhere, WEBHOOK_SECRET_KEYS: Buffer.alloc(32).toString('base64') }),
  ),
};

/** The examples, of which a test below shows that they have the shapes of their names. */
// biome-ignore lint/suspicious/noExplicitAny: so that their members can be read
const valid = examples as Record<string, any>;

const appNames = ['gateway', 'notifications', 'ops', 'payments', 'promotions', 'subscriptions'];

describe('the catalogue', () => {
  it('names each message once, with its service and its version', () => {
    const types = [...events, ...requests].map(({ type }) => type);
    expect(new Set(types).size).toBe(types.length);
    for (const { type, producer } of events)
      expect(type).toMatch(new RegExp(`^${producer}\\.[a-z]+(-[a-z]+)*\\.v\\d+$`));
    for (const { type, service } of requests)
      expect(type).toMatch(new RegExp(`^${service}\\.[a-z]+(-[a-z]+)*\\.v\\d+$`));
  });

  it('lets no service consume its own events', () => {
    for (const { type, producer, consumers } of events) {
      expect([type, new Set(consumers).size]).toEqual([type, consumers.length]);
      expect([type, consumers]).toEqual([type, expect.not.arrayContaining([producer])]);
    }
  });
});

describe('each event', () => {
  it.each(events.map(({ type, producer }) => [type, producer]))('%s is published by %s alone', (type, producer) => {
    expect(publishersOf(type)).toEqual([producer]);
  });

  it.each(events.map(({ type, consumers }) => ({ type, consumers })))(
    '$type is consumed by $consumers',
    ({ type, consumers }) => {
      const consuming = Object.keys(apps).filter((service) =>
        handledBy(service as Service, PatternHandler.EVENT).includes(type),
      );
      expect(consuming.sort()).toEqual([...consumers].sort());
    },
  );
});

describe('each request', () => {
  it.each(requests.map(({ type, service }) => [type, service]))('%s is answered by %s alone', (type, service) => {
    const answering = Object.keys(apps).filter((app) =>
      handledBy(app as Service, PatternHandler.MESSAGE).includes(type),
    );
    expect(answering).toEqual([service]);
  });

  it('is asked by somebody', () => {
    const asked = appNames
      .flatMap(sourcesOf)
      .flatMap(({ text }) => [...text.matchAll(/\.request\(\s*(\w+),/g)].map(([, name]) => name));
    const unasked = Object.entries(contractsByName()).filter(
      ([name, contract]) => contract.kind !== 'event' && !asked.includes(name),
    );
    expect(unasked.map(([name]) => name)).toEqual([]);
  });
});

it('no service listens to what no contract knows', () => {
  const known = new Set([...events, ...requests].map(({ type }) => type));
  for (const service of Object.keys(apps) as Service[]) {
    const handled = [...handledBy(service, PatternHandler.EVENT), ...handledBy(service, PatternHandler.MESSAGE)];
    expect([service, handled.filter((type) => !known.has(type))]).toEqual([service, []]);
    expect([service, handled.length]).toEqual([service, new Set(handled).size]);
  }
});

describe('each refusal', () => {
  it.each([...new Set(requests.flatMap(({ refusals = [] }) => refusals))].sort())('%s has an HTTP status', (code) => {
    expect(problemKinds[code]?.status).toBeGreaterThanOrEqual(400);
  });

  it('that a service speaks of is one that its contracts name', () => {
    const named = new Set([...requests.flatMap(({ refusals = [] }) => refusals), ...Object.keys(problemKinds)]);
    for (const service of Object.keys(apps) as Service[]) {
      const spoken = sourcesOf(service).flatMap(({ text }) =>
        [...text.matchAll(/new Refusal\(\s*'([A-Z_]+)'/g)].map(([, code]) => code as string),
      );
      // The answers to a provider's webhook stand in the payment service's own table.
      const unknown = spoken.filter((code) => !named.has(code) && !/^(WEBHOOK|SIGNATURE)_/.test(code));
      expect([service, unknown]).toEqual([service, []]);
    }
  });
});

it('money moves under the words of the contract, and under all of them', () => {
  const texts = sourcesOf('payments').map(({ text }) => text);
  // A word, or a choice between words.
  const written = texts
    .flatMap((text) => [...text.matchAll(/movement(?: =>|:) (.*?),/g)].map(([, said]) => said as string))
    .flatMap((said) =>
      said.startsWith("'") ? said : [...said.matchAll(/(?:then|else|\?|:) ('.*?')/g)].map(([, word]) => word),
    );
  expect([...new Set(written)].sort()).toEqual(movement.options.map((word) => `'${word}'`).sort());
  const sought = texts.flatMap((text) => [...text.matchAll(/movement = ('.*?')/g)].map(([, word]) => word));
  expect(sought.filter((word) => !written.includes(word))).toEqual([]);
});

describe('each named shape of the API', () => {
  const schemas = modules
    .flatMap((module) => Object.values(module))
    .flatMap((value) => (isContract(value) && value.kind !== 'event' ? [value.request, value.response] : [value]))
    .filter((value): value is z.ZodType => typeof value === 'object' && value !== null && 'safeParse' in value)
    .flatMap((schema) => (schema.meta()?.id ? [[schema.meta()?.id as string, schema] as const] : []));
  const named = [...new Map(schemas)];

  it.each(named)('%s has an example that is one', (name, schema) => {
    const parsed = schema.safeParse(examples[name]);
    expect(parsed.error?.issues).toBeUndefined();
    expect(parsed.data).toMatchObject(examples[name] as object);
  });

  it('explains an order’s money in the words of the ledger', () => {
    const money = getOrderMoney.response.parse(examples.OrderMoney);
    const { receivable, order_id: orderId } = money;
    if (!receivable) throw new Error('the example has a receivable');
    const { person_id: personId, amount_minor: amountMinor, currency, state, explanation } = receivable;
    const known = { orderId, personId, amountMinor, currency, state, reason: null };
    expect(explanation).toBe(explainReceivable({ ...known, availableMinor: 0, owedMinor: 0, waitingBefore: 0 }));
  });

  it('says of an order what subscriptions says', () => {
    const { ClassBody: aClass, Quote: quoted, Order: shown, Discount: discount, OrderStep: step } = valid;
    const offer = {
      timeZone: aClass.time_zone,
      currency: aClass.currency,
      startDate: Temporal.PlainDate.from(aClass.start_date),
      endDate: Temporal.PlainDate.from(aClass.end_date),
    };
    const openedAt = Temporal.Instant.from(shown.opened_at);
    const quote = singlePayment.quote(aClass.parameters, offer, openedAt, plainChoice, []);
    expect(quoted).toMatchObject({
      amount_minor: quote.amountMinor,
      explanation: explainQuote(quote),
      trace: quote.trace,
    });
    const order = openOrder({
      ...quote,
      id: shown.order_id,
      personId: shown.person_id,
      classId: shown.class_id,
      ruleId: shown.rule_id,
      ruleVersion: shown.rule_version,
      parameters: aClass.parameters,
      discounts: [{ code: discount.code, discountMinor: discount.discount_minor, explanation: discount.explanation }],
      amountMinor: quote.amountMinor - discount.discount_minor,
      toleranceMinor: aClass.payment_tolerance_minor,
      currency: aClass.currency,
      approvalRequired: aClass.approval_required,
      repeatEnrolment: aClass.repeat_enrolment,
      replacesOrderId: null,
      ...{ subscriptionId: shown.order_id, period: 0, enrols: true, dueDate: null, dunning: [] },
      ...{ anchor: null, nextAt: null },
      openedAt,
      expiresAt: openedAt.add({ hours: aClass.payment_window_hours }),
    });
    expect(shown).toEqual(orderView({ order, classTitle: aClass.title }));
    expect(step).toEqual(progressView(order).steps[0]);
  });

  it('says of a promo code what promotions says', () => {
    const { Discount: discount, CodeBenefit: benefit, ConversionOutcome: outcome } = valid;
    const terms = { amountMinor: null, capMinor: null };
    const given = [
      benefitOf({ ...terms, code: discount.code, kind: 'discount', percentBp: 2_000 }, 150_000, 'INR'),
      benefitOf({ ...terms, code: benefit.code, kind: benefit.kind, percentBp: 1_000 }, 4_900, benefit.currency),
      ...outcome.redemptions.map(({ code }: { code: string }) =>
        benefitOf({ ...terms, code, kind: 'bonus', percentBp: 500 }, 9_500, 'EUR'),
      ),
    ];
    expect([
      { benefitMinor: discount.discount_minor, explanation: discount.explanation },
      { benefitMinor: benefit.benefit_minor, explanation: benefit.explanation },
      ...outcome.redemptions.map(({ bonus_minor: benefitMinor, explanation }: Record<string, unknown>) => {
        return { benefitMinor, explanation };
      }),
    ]).toEqual(given);
  });

  it('and nothing else has one', () => {
    expect(Object.keys(examples).sort()).toEqual(named.map(([name]) => name).sort());
  });
});

/** The types that a service's controllers handle, from the decorators on them. */
function handledBy(service: Service, kind: PatternHandler): string[] {
  const app = apps[service];
  if (!app) return [];
  return [...new Set(controllersOf(app))].flatMap(({ prototype }) =>
    Object.getOwnPropertyNames(prototype).flatMap((method) => {
      const handler = prototype[method];
      if (typeof handler !== 'function' || Reflect.getMetadata(PATTERN_HANDLER_METADATA, handler) !== kind) return [];
      return Reflect.getMetadata(PATTERN_METADATA, handler) as string[];
    }),
  );
}

function controllersOf(module: DynamicModule | Type): Type[] {
  const { imports, controllers }: ModuleMetadata =
    'module' in module
      ? module
      : { imports: Reflect.getMetadata('imports', module), controllers: Reflect.getMetadata('controllers', module) };
  return [
    ...((controllers ?? []) as Type[]),
    ...(imports ?? []).flatMap((imported) => controllersOf(imported as DynamicModule | Type)),
  ];
}

/**
 * The apps that publish an event: those that take its contract as a value (to make an event of it)
 * outside of the consumers, which take it to listen, and those whose SQL functions name its type.
 */
function publishersOf(type: string): string[] {
  const [name] = Object.entries(contractsByName()).find(([, contract]) => contract.type === type) ?? [];
  return appNames.filter((app) =>
    sourcesOf(app).some(({ path, text }) =>
      path.endsWith('.sql')
        ? text.includes(`'${type}'`)
        : !path.endsWith('.consumer.ts') && importsValue(text, name as string),
    ),
  );
}

function importsValue(text: string, name: string): boolean {
  return [...text.matchAll(/^import \{([^}]*)\} from '#contracts\//gm)].some(([, names]) =>
    (names ?? '').split(',').some((imported) => imported.trim().split(' as ')[0] === name),
  );
}

function sourcesOf(app: string): { path: string; text: string }[] {
  return globSync(`apps/${app}/src/**/*.{ts,sql}`, { cwd: root })
    .filter((path) => !path.endsWith('.spec.ts'))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

function contractsByName(): Record<string, EventContract | RequestContract> {
  const exported = modules.flatMap((module) => Object.entries(module));
  return Object.fromEntries(
    exported.filter((entry): entry is [string, EventContract | RequestContract] => isContract(entry[1])),
  );
}

function isContract(value: unknown): value is EventContract | RequestContract {
  return typeof value === 'object' && value !== null && 'kind' in value && 'type' in value;
}
