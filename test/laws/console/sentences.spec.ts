import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { formatsOf, translateSentences } from '../../../apps/console/web/src/format/translate-sentences.ts';
import { words as refusals } from '../../../apps/console/web/src/messages/de/refusals.ts';
import { words } from '../../../apps/console/web/src/messages/de/sentences.ts';
import { refusalSentences } from '../refusals.ts';
import { sourceTree } from '../source-tree.ts';

const german = (text: string) => translateSentences(text, words, 'de-DE')?.replaceAll(/\s/g, ' ');

interface Operation {
  readonly 'x-refusals': readonly string[];
  readonly 'x-roles': readonly string[];
}

const { components, paths } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../docs/openapi.json'), 'utf8'),
) as {
  components: { schemas: Record<string, { examples?: unknown[] }> };
  paths: Record<string, Record<string, Operation>>;
};
const operations = Object.values(paths).flatMap((path) => Object.values(path));
const refusalsFor = (role?: string) =>
  new Set(
    operations.filter(({ 'x-roles': roles }) => !role || roles.includes(role)).flatMap((one) => one['x-refusals']),
  );

/** All values of a member, wherever it stands in an example. */
function valuesOf(member: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => valuesOf(member, one));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === member && typeof inner === 'string' ? [inner] : valuesOf(member, inner),
  );
}

describe('a sentence of the server', () => {
  it('has its amounts and days in the notation of the reader', () => {
    expect(german('It costs 1500.00 INR, paid once. It starts when the class starts, on 2026-04-01.')).toBe(
      'Es kostet 1.500,00 ₹, einmalig zu zahlen. Es beginnt mit dem Kurs, am 1. Apr. 2026.',
    );
    expect(german('It waits for 49.00 EUR; 20.00 EUR are available. 1 older order waits before it.')).toBe(
      'Sie wartet auf 49,00 €; verfügbar sind 20,00 €. Eine ältere Bestellung wartet vor ihr.',
    );
    expect(german('SPRING-20: minus 300.00 INR (20% of 1500.00 INR is 300.00 INR)')).toBe(
      'SPRING-20: minus 300,00 ₹ (20 % von 1.500,00 ₹ sind 300,00 ₹)',
    );
  });

  it('stays as it is where one of its sentences is unknown', () => {
    expect(german('It is free. It glows in the dark.')).toBeUndefined();
    expect(translateSentences('It is free.', [], 'en-GB')).toBeUndefined();
  });

  it.each(['Quote', 'Order', 'OrderMoney', 'Discount', 'SubscriptionDetails'])(
    'is known for each example of %s',
    (name) => {
      const examples = components.schemas[name]?.examples ?? [];
      const sentences = [...valuesOf('explanation', examples), ...valuesOf('wait_explanation', examples)];
      expect(sentences.length).toBeGreaterThan(0);
      expect(sentences.filter((text) => german(text) === undefined)).toEqual([]);
    },
  );
});

describe('what a rule of a promo code compared', () => {
  it.each(['DecisionReceiptDetails', 'PersonReceipt', 'SimulatedDecision'])(
    'is known for each example of %s',
    (name) => {
      const saw = valuesOf('saw', components.schemas[name]?.examples ?? []);
      expect(saw.length).toBeGreaterThan(0);
      expect(saw.filter((text) => german(text) === undefined)).toEqual([]);
    },
  );

  it('is written in German', () => {
    expect(german('06:00–09:00 on days 1, 2; it is 2026-03-02 05:59:00 in Asia/Kolkata')).toBe(
      '06:00–09:00 an den Tagen 1, 2; in Asia/Kolkata ist es 2026-03-02 05:59:00',
    );
    expect(['ever to ever', 'all but of 3', 'active', 'EUR'].map(german)).toEqual([
      'von jeher, ohne Ende',
      'alle außer 3',
      'aktiv',
      'EUR',
    ]);
    expect(['2 used and 1 held, at most 3', '0, without limit', '3 used and 0 held before'].map(german)).toEqual([
      '2 eingelöst und 1 vorgemerkt, höchstens 3',
      '0, ohne Grenze',
      'vorher 3 eingelöst und 0 vorgemerkt',
    ]);
    expect(german('150 minor units given and held, without limit')).toBe(
      '150 kleinste Einheiten gewährt und vorgemerkt, ohne Grenze',
    );
  });
});

describe('a refusal', () => {
  it('has a German sentence for each code that an operation may answer', () => {
    expect(refusalsFor().size).toBeGreaterThan(50);
    expect([...refusalsFor()].filter((code) => !(code in refusals))).toEqual([]);
  });

  it('says in German what its details say', () => {
    const { TOO_MANY_OPEN_ORDERS: tooMany, ALREADY_ENROLLED: enrolled } = refusals;
    const write = formatsOf('de-DE');
    if (typeof tooMany !== 'function' || typeof enrolled !== 'function') throw new Error('they use the details');
    expect(tooMany({ open_orders: 3, limit: 3 }, write)).toMatch(/^3 Bestellungen sind noch nicht bezahlt\./);
    expect(enrolled({ end_date: '2027-04-01' }, write)).toContain('1. Apr. 2027');
    expect(enrolled({ end_date: null }, write)).toBe('Zu diesem Kurs besteht schon eine Anmeldung.');
  });
});

/**
 * The person concerned reads them, and so does an admin who acts for somebody: a sentence addresses neither of them.
 * Only the console's server registers persons.
 */
const registration: ReadonlySet<string> = new Set(['PERSON_EXISTS']);

function partial(sentences: ReturnType<typeof refusalSentences>): string[] {
  const forMembers = refusalsFor('member');
  return sentences
    .filter(({ code, sentence }) => {
      const isForMembers = (forMembers.has(code) || code.startsWith('PROMO_CODE')) && !registration.has(code);
      return /\byour?\b/i.test(sentence) || (isForMembers && /\b(the|this) person\b/i.test(sentence));
    })
    .map(({ code, sentence }) => `${code}: ${sentence}`);
}

describe('a sentence that members and admins read', () => {
  it('says neither “you” nor “the person”', () => {
    const sentences = refusalSentences(sourceTree('apps/{payments,promotions,subscriptions}/src/**/*.ts'));
    const codes = new Set(sentences.map(({ code }) => code));
    expect([...codes]).toEqual(expect.arrayContaining(['ORDER_ALREADY_OPEN', 'PROMO_CODE_PERSON_LIMIT']));
    expect(partial(sentences)).toEqual([]);
    const examples = ['Order', 'OrderMoney'].flatMap((name) => components.schemas[name]?.examples ?? []);
    const explanations = [...valuesOf('explanation', examples), ...valuesOf('wait_explanation', examples)];
    expect(explanations.filter((text) => /\byour?\b|\b(the|this) person/i.test(text))).toEqual([]);
  });

  it('is found where it does, planted', () => {
    const planted = new Map([
      ['a.ts', "throw new Refusal('ORDER_ALREADY_OPEN', 'The person has one.');"],
      ['b.ts', "const says = full ? `You have many.` : 'None.'; throw new Refusal('X_Y', says);"],
      ['c.ts', "const sentences = { PROMO_CODE_USED_UP: 'This person used it.', OTHER_CODE: 'The person may.' };"],
    ]);
    expect(partial(refusalSentences(planted))).toEqual([
      "ORDER_ALREADY_OPEN: 'The person has one.'",
      "X_Y: full ? `You have many.` : 'None.'",
      "PROMO_CODE_USED_UP: 'This person used it.'",
    ]);
  });
});
