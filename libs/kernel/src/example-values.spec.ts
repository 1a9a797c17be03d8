import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { readConfig } from './config.js';
import { isExampleValue } from './example-values.js';

describe('a value of the examples', () => {
  it.each([
    'whsec_bm90IGEgc2VjcmV0LCBvbmx5IGFuIGV4YW1wbGU=',
    'whsec_of_the_example_only',
    'bookshop=whsec_bm90IGEgc2VjcmV0LCBvbmx5IGFuIGV4YW1wbGU=',
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, whsec_bm90IGEgc2VjcmV0LCBvbmx5IGFuIGV4YW1wbGU=',
    'ChangeMe',
    'postgresql://user:password@127.0.0.1:5432/postgres',
    'postgresql://matricula:matricula@db:5432/postgres',
    'amqp://guest:guest@rabbitmq:5672',
    'redis://:secret@redis:6379',
    'https://login.example.org/',
    'https://LOGIN.EXAMPLE.COM/keys',
    'https://issuer.example/keys',
    'gateway=http://gateway.example.net:4600',
  ])('is recognised: %s', (value) => {
    expect(isExampleValue(value)).toBe(true);
  });

  it.each([
    '',
    'matricula',
    'production',
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'bookshop=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'postgresql://db:5432/postgres',
    'postgresql://matricula:q3J9vXb1@db:5432/postgres',
    'redis://:q3J9vXb1@redis:6379',
    'https://login.school.test/',
    'https://examples.org/',
    'gateway=http://gateway:4600,payments=http://payments:4601',
  ])('is not everything: “%s”', (value) => {
    expect(isExampleValue(value)).toBe(false);
  });

  const settings = z.object({ SECRET: z.string(), OTHER: z.string() }).refine(() => true);
  const given = { SECRET: 'changeme', OTHER: 'guest', PATH_OF_ANOTHER_PROGRAM: 'secret' };

  it('stops a service in production, which names every such variable and no value', () => {
    const start = () => readConfig(settings, { ...given, NODE_ENV: 'production' });
    expect(start).toThrow(/SECRET: has a value of the examples.*\n.*OTHER: has a value of the examples/);
    expect(start).not.toThrow(/changeme|guest|PATH_OF/);
  });

  it('serves development', () => {
    expect(readConfig(settings, given)).toEqual({ SECRET: 'changeme', OTHER: 'guest' });
  });
});
