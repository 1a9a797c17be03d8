import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeEnvelope, encodeEnvelope, type StoredEvent, Unparsable } from './envelope.js';

const stored: StoredEvent = {
  messageId: '0192d3a0-0000-7000-8000-000000000001',
  source: 'payments',
  type: 'payments.payment-registered.v1',
  subject: 'a-payment',
  time: '2026-03-02T09:00:00.123456Z',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  correlationId: 'a-story',
  causationId: 'a-cause',
  data: '{"amount_minor": 100}',
};

describe('an envelope', () => {
  it('is decoded as it was stored', () => {
    expect(decodeEnvelope(encodeEnvelope(stored))).toEqual({
      id: stored.messageId,
      source: 'payments',
      type: 'payments.payment-registered.v1',
      subject: 'a-payment',
      time: Temporal.Instant.from('2026-03-02T09:00:00.123456Z'),
      traceparent: stored.traceparent,
      correlationId: 'a-story',
      causationId: 'a-cause',
      data: { amount_minor: 100 },
    });
  });

  it('carries any data and any subject unchanged', () => {
    const subjects = fc.string({ minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(subjects, fc.jsonValue(), (subject, value) => {
        const data = JSON.stringify({ value });
        const envelope = decodeEnvelope(encodeEnvelope({ ...stored, subject, data }));
        expect(envelope.subject).toBe(subject);
        expect(envelope.data).toEqual(JSON.parse(data));
      }),
    );
  });

  it('without causes starts a correlation of its own', () => {
    const { correlationid, ...wire } = JSON.parse(encodeEnvelope({ ...stored, causationId: null }).toString());
    expect(correlationid).toBe('a-story');
    const envelope = decodeEnvelope(Buffer.from(JSON.stringify(wire)));
    expect(envelope).toMatchObject({ correlationId: stored.messageId, causationId: undefined });
  });

  it.each([
    ['specversion', '0.3'],
    ['id', 'seven'],
    ['source', ''],
    ['type', 7],
    ['subject', null],
    ['time', 'yesterday'],
  ])('with a bad %s cannot be read', (attribute, value) => {
    const wire = { ...JSON.parse(encodeEnvelope(stored).toString()), [attribute]: value };
    expect(() => decodeEnvelope(Buffer.from(JSON.stringify(wire)))).toThrow(Unparsable);
  });

  it('of arbitrary bytes is either read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(() => decodeEnvelope(Buffer.from(bytes))).toThrow(Unparsable);
      }),
    );
  });
});
