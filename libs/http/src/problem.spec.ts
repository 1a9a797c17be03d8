import { describe, expect, it } from '@jest/globals';
import { ForbiddenException } from '@nestjs/common';
import { Refusal } from '#kernel/refusal.js';
import { newTrace, runWithTrace } from '#observability/trace.js';
import { InvalidInput, problemOf } from './problem.js';

const table = {
  statuses: { CLASS_FULL: 409 },
  isUnavailable: (error: unknown) => error instanceof Error && error.message === 'the database is away',
};

describe('the problem document', () => {
  it('for a refusal has its code, its status from the table, and its details in wire names', () => {
    const refusal = new Refusal('CLASS_FULL', 'All seats are taken.', { seatsTaken: 3, heldBy: [{ personId: 'p' }] });
    expect(problemOf(refusal, table)).toEqual({
      type: 'urn:matricula:problem:class-full',
      title: 'Conflict',
      status: 409,
      code: 'CLASS_FULL',
      detail: 'All seats are taken.',
      details: { seats_taken: 3, held_by: [{ person_id: 'p' }] },
    });
  });

  it('for a refusal that the table does not list is a 422 that names the field', () => {
    const refusal = new Refusal('PRICE_TOO_LOW', 'Too low.', { field: 'parameters.price' });
    expect(problemOf(refusal, table)).toMatchObject({ status: 422, code: 'PRICE_TOO_LOW', field: '/parameters/price' });
  });

  it('names a member whose name has a dot by its steps', () => {
    const refusal = new Refusal('PARAMETER_UNKNOWN', 'Unknown.', { field: ['parameters', 'a.b'] });
    expect(problemOf(refusal, table)).toMatchObject({ field: '/parameters/a.b' });
  });

  it('for malformed input names every field', () => {
    const errors = [
      { field: 'class_id', code: 'MALFORMED', message: 'Invalid UUID' },
      { field: 'buyer.na/me', code: 'UNKNOWN_FIELD', message: 'There is no such member.' },
    ];
    expect(problemOf(new InvalidInput(errors), table)).toMatchObject({
      status: 400,
      code: 'INVALID_INPUT',
      field: '/class_id',
      errors: [
        { field: '/class_id', code: 'MALFORMED', message: 'Invalid UUID' },
        { field: '/buyer/na~1me', code: 'UNKNOWN_FIELD', message: 'There is no such member.' },
      ],
    });
  });

  it('for something that is away is a 503 without inner workings', () => {
    const answer = problemOf(new Error('the database is away'), table);
    expect(answer).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' });
    expect(JSON.stringify(answer)).not.toContain('database');
  });

  it('for a bug is a 500 that shows only the trace id', () => {
    const trace = newTrace();
    const answer = runWithTrace(trace, () => problemOf(new TypeError('secret is undefined'), table));
    expect(answer).toMatchObject({ status: 500, code: 'INTERNAL_ERROR', trace_id: trace.traceparent.slice(3, 35) });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it("for the framework's own errors keeps their status", () => {
    expect(problemOf(new ForbiddenException('No.'), table)).toMatchObject({
      status: 403,
      code: 'FORBIDDEN',
      detail: 'No.',
    });
    const tooLarge = Object.assign(new Error('Request body is too large'), { statusCode: 413 });
    expect(problemOf(tooLarge, table)).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
  });

  it.each([undefined, null, 'words', 7])('for %p thrown is a 500', (thrown) => {
    expect(problemOf(thrown, table).status).toBe(500);
  });
});
