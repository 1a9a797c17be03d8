import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { LogLevel } from '#kernel/service-settings.js';
import { createPino, ServiceLogger } from './logger.js';
import { newTrace, runWithTrace } from './trace.js';

function loggerWithLines(level: LogLevel = 'debug') {
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  // biome-ignore lint/suspicious/noExplicitAny: any stream will do for pino
  return { logger: new ServiceLogger(createPino({ service: 'payments', level }, stream as any)), lines };
}

describe('a log line', () => {
  it('names the service, the class, the trace and the correlation id', () => {
    const { logger, lines } = loggerWithLines();
    const trace = newTrace(undefined, 'order-7');
    runWithTrace(trace, () => logger.log({ depth: 3 }, 'outbox is deep', 'Relay'));
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'info',
        service: 'payments',
        context: 'Relay',
        depth: 3,
        msg: 'outbox is deep',
        trace_id: trace.traceparent.slice(3, 35),
        correlation_id: 'order-7',
      }),
    ]);
  });

  it('logs an error with its stack and its cause', () => {
    const { logger, lines } = loggerWithLines();
    const error = new Error('cannot write', { cause: new Error('disk full') });
    logger.error(error, 'Store');
    logger.warn({ err: error }, 'tried again', 'Store');
    for (const line of lines)
      expect(line.err).toMatchObject({
        message: expect.stringContaining('disk full'),
        stack: expect.stringContaining('logger.spec'),
      });
  });

  it("takes Nest's own way to hand over a stack", () => {
    const { logger, lines } = loggerWithLines();
    logger.error('it broke', new Error('x').stack, 'Handler');
    expect(lines[0]).toMatchObject({ msg: 'it broke', context: 'Handler', stack: expect.stringContaining('    at ') });
  });

  it('hides secrets wherever they stand', () => {
    const { logger, lines } = loggerWithLines();
    logger.log(
      { token: 't0p', request: { headers: { authorization: 't0p', cookie: 't0p' } }, webhook: { secret: 't0p' } },
      'seen',
      'Edge',
    );
    expect(JSON.stringify(lines)).not.toContain('t0p');
  });

  it('is not written below the level', () => {
    const { logger, lines } = loggerWithLines('warn');
    logger.log('words', 'Edge');
    logger.debug('words', 'Edge');
    expect(lines).toEqual([]);
  });
});
