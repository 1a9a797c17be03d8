import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Client } from 'pg';
import { serverUrl } from '../../../../test/support/servers/test-server.js';
import { bytesArray, textArray } from './array-parameter.js';

describe('an array in the binary format', () => {
  const client = new Client({ connectionString: serverUrl('DATABASE_URL').href });
  beforeAll(() => client.connect());
  afterAll(() => client.end());

  // Postgres keeps no NUL in text.
  const texts = fc.array(fc.option(fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', ''))));
  const bytes = fc.array(fc.option(fc.uint8Array().map((octets) => Buffer.from(octets))));

  it('arrives as the texts and bytes that it was made of', async () => {
    await fc.assert(
      fc.asyncProperty(texts, bytes, async (given, binary) => {
        const { rows } = await client.query('select $1::text[] as texts, $2::bytea[] as bytes', [
          textArray(given),
          bytesArray(binary),
        ]);
        expect(rows[0]).toEqual({ texts: given, bytes: binary });
      }),
      { numRuns: 200 },
    );
  });

  it.each([[[]], [['']], [[null]], [['NULL', null, '{"a": "b,\\"c\\""}', "o'clock", '学生']]])(
    'keeps %j',
    async (given) => {
      const { rows } = await client.query('select $1::text[] as texts', [textArray(given)]);
      expect(rows[0].texts).toEqual(given);
    },
  );

  it('refuses what text cannot hold', async () => {
    await expect(client.query('select $1::text[]', [textArray(['a\0b'])])).rejects.toMatchObject({ code: '22021' });
  });
});
