import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { translateSentences } from '../../../apps/console/web/src/format/translate-sentences.ts';
import { words } from '../../../apps/console/web/src/messages/de/sentences.ts';

const german = (text: string) => translateSentences(text, words, 'de-DE')?.replaceAll(/\s/g, ' ');

const { components } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../docs/openapi.json'), 'utf8')) as {
  components: { schemas: Record<string, { examples?: unknown[] }> };
};

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
    expect(german('It waits for 49.00 EUR; the person has 20.00 EUR to spend. 1 older order waits before it.')).toBe(
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

  it.each(['Quote', 'Order', 'OrderMoney', 'Discount'])('is known for each example of %s', (name) => {
    const examples = components.schemas[name]?.examples ?? [];
    const sentences = [...valuesOf('explanation', examples), ...valuesOf('wait_explanation', examples)];
    expect(sentences.length).toBeGreaterThan(0);
    expect(sentences.filter((text) => german(text) === undefined)).toEqual([]);
  });
});
