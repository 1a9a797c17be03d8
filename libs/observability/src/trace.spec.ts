import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { currentTrace, newTrace, runWithTrace, traceIdOf } from './trace.js';

const parent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('a trace', () => {
  it('goes on from the traceparent it is given, as a new step of the same way', () => {
    const trace = newTrace(parent);
    expect(trace.traceparent).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01$/);
    expect(trace.traceparent).not.toBe(parent);
    expect(traceIdOf(trace)).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  });

  it('keeps the decision not to sample', () => {
    expect(newTrace(parent.replace(/01$/, '00')).traceparent).toMatch(/-00$/);
  });

  it('reads a traceparent of a later version', () => {
    expect(newTrace(`01${parent.slice(2)}-what-else`).traceparent.slice(3, 35)).toBe(parent.slice(3, 35));
  });

  it.each([
    ['nothing', ''],
    ['the forbidden version', `ff${parent.slice(2)}`],
    ['an upper-case id', parent.toUpperCase()],
    ['a trace id of zeroes', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['a parent id of zeroes', `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`],
  ])('begins anew when given %s', (_, traceparent) => {
    const trace = newTrace(traceparent);
    expect(trace.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(traceIdOf(trace)).not.toBe(parent.slice(3, 35));
  });

  it('is well-formed for any input', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (traceparent, correlationId) => {
        const trace = newTrace(traceparent, correlationId);
        expect(newTrace(trace.traceparent).traceparent.slice(0, 35)).toBe(trace.traceparent.slice(0, 35));
        expect(trace.correlationId).toMatch(/^[\w.:-]{1,128}$/);
      }),
    );
  });

  it('takes a correlation id over and puts the trace id in the place of one that is unfit', () => {
    expect(newTrace(parent, 'order-7').correlationId).toBe('order-7');
    expect(newTrace(parent, 'two\nlines').correlationId).toBe(parent.slice(3, 35));
  });
});

describe('work within a trace', () => {
  it('sees it across awaits, and each its own', async () => {
    const seen = await Promise.all(
      ['a', 'b', 'c'].map((correlationId) =>
        runWithTrace(newTrace(undefined, correlationId), async () => {
          await sleep(1);
          return currentTrace()?.correlationId;
        }),
      ),
    );
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it('leaves nothing behind', () => {
    runWithTrace(newTrace(), () => {});
    expect(currentTrace()).toBeUndefined();
  });
});
