import { describe, expect, it } from '@jest/globals';
import { databaseFault } from './faults.js';

const withCode = (code: string) => Object.assign(new Error('something'), { code });

describe('a failed statement', () => {
  it.each([
    ['57P01', 'shutting down'],
    ['57P03', 'starting'],
    ['08006', 'connection lost'],
    ['53300', 'too many clients'],
    ['53100', 'disk full'],
    ['53200', 'out of memory'],
    ['58030', 'input or output failed'],
    ['25006', 'read-only since a failover'],
    ['ECONNREFUSED', 'connection refused'],
    ['ECONNRESET', 'reset'],
  ])('with %s (%s) means that the database is away', (code) => {
    expect(databaseFault(withCode(code))).toBe('away');
  });

  it.each(['40001', '40P01', '55P03', '57014'])('with %s lost against another', (code) => {
    expect(databaseFault(withCode(code))).toBe('contention');
  });

  it.each(['23505', '42601', '22003'])('with %s will fail again', (code) => {
    expect(databaseFault(withCode(code))).toBe('other');
  });

  it('is known by its cause as well', () => {
    expect(databaseFault(new Error('outer', { cause: withCode('40P01') }))).toBe('contention');
    expect(databaseFault(Object.assign(new Error('driver'), { previous: withCode('57P01') }))).toBe('away');
    expect(databaseFault(new Error('Connection terminated unexpectedly'))).toBe('away');
    expect(databaseFault(new Error('Query read timeout'))).toBe('away');
    expect(databaseFault(new AggregateError([withCode('ECONNREFUSED')], 'both addresses'))).toBe('away');
    expect(databaseFault('not an error')).toBe('other');
  });
});
