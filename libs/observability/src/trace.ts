import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { context, isSpanContextValid, type SpanContext, TraceFlags, trace } from '@opentelemetry/api';

/**
 * The origin of a piece of work: W3C trace context, and the correlation id that all work for one client request shares.
 */
export interface Trace {
  /** `00-<trace id>-<parent id>-<flags>`, https://www.w3.org/TR/trace-context/#traceparent-header. */
  readonly traceparent: string;
  readonly correlationId: string;
}

const storage = new AsyncLocalStorage<Trace>();

// Version ff and ids of zeroes only are forbidden; later versions may carry more after the flags (§3.2.4).
const traceparentShape = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;
const correlationIdShape = /^[\w.:-]{1,128}$/;

/** The trace of the work under way; undefined outside of any. An active OpenTelemetry span becomes the parent. */
export function currentTrace(): Trace | undefined {
  const current = storage.getStore();
  const span = trace.getActiveSpan()?.spanContext();
  if (!span || !isSpanContextValid(span)) return current;
  return { traceparent: format(span), correlationId: current?.correlationId ?? span.traceId };
}

/** Runs `work`, and everything that it awaits, in the trace `given`; also sets the parent for an OpenTelemetry SDK. */
export function runWithTrace<Result>(given: Trace, work: () => Result): Result {
  const parent = spanContextOf(given.traceparent);
  return storage.run(given, () =>
    parent ? context.with(trace.setSpanContext(context.active(), { ...parent, isRemote: true }), work) : work(),
  );
}

/**
 * A new span in the trace of `traceparent`, or in a new trace when `traceparent` is missing or malformed. The trace id
 * replaces a correlation id that is missing or contains characters unfit for a header.
 */
export function newTrace(traceparent?: string, correlationId?: string): Trace {
  const parent = traceparent === undefined ? undefined : spanContextOf(traceparent);
  const traceId = parent?.traceId ?? randomUUID().replaceAll('-', '');
  const span = { traceId, spanId: newSpanId(), traceFlags: parent?.traceFlags ?? TraceFlags.SAMPLED };
  return {
    traceparent: format(span),
    correlationId: correlationId && correlationIdShape.test(correlationId) ? correlationId : traceId,
  };
}

/** The trace id: 32 hex digits. */
export function traceIdOf({ traceparent }: Trace): string {
  return traceparent.slice(3, 35);
}

function spanContextOf(traceparent: string): SpanContext | undefined {
  const [, traceId, spanId, flags] = traceparentShape.exec(traceparent) ?? [];
  if (!traceId || !spanId || !flags) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED };
}

function format({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags & TraceFlags.SAMPLED ? '01' : '00'}`;
}

function newSpanId(): string {
  // The last two groups of a version 4 UUID: 62 random bits, never all zero.
  return randomUUID().slice(19).replace('-', '');
}
