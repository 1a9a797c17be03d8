import type { LoggerService } from '@nestjs/common';
import { destination, type LoggerOptions, type Logger as Pino, pino } from 'pino';
import type { LogLevel } from '#kernel/service-settings.js';
import { currentTrace, traceIdOf } from './trace.js';

/** What a service sets for its log. */
export interface LogSettings {
  /** The `service` member of each line. */
  readonly service: string;
  readonly level: LogLevel;
}

const secrets = ['authorization', 'cookie', 'set-cookie', 'password', 'secret', 'token', 'signature'];

/**
 * A pino logger that writes JSON lines to standard output, each with `service`, and inside a trace with `trace_id` and
 * `correlation_id`. Secrets are redacted. Lines are buffered and flushed every second and at exit; kill -9 loses the
 * buffer.
 */
export function createPino({ service, level }: LogSettings, stream = bufferedStdout()): Pino {
  const options: LoggerOptions = {
    level,
    base: { service, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: secrets.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
      censor: '[redacted]',
    },
    mixin: () => {
      const trace = currentTrace();
      return trace ? { trace_id: traceIdOf(trace), correlation_id: trace.correlationId } : {};
    },
  };
  return pino(options, stream);
}

function bufferedStdout() {
  return destination({ dest: 1, sync: false, minLength: 4096, periodicFlush: 1_000 });
}

/**
 * Nest's logger on pino. Code uses `new Logger(MyClass.name)` of `@nestjs/common` with `log('message')` or
 * `log({ queue, depth }, 'message')`; an Error, alone or as `err`, is written with its stack and causes.
 */
export class ServiceLogger implements LoggerService {
  constructor(readonly pino: Pino) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Nest passes the class's name last, and an error's stack as a string before it. */
  private write(level: Exclude<LogLevel, 'silent'>, message: unknown, rest: unknown[]): void {
    if (!this.pino.isLevelEnabled(level)) return;
    const context = rest.at(-1);
    const [text] = rest.slice(0, -1);
    if (message instanceof Error) this.pino[level]({ context, err: message }, message.message);
    else if (typeof message === 'object' && message !== null) this.pino[level]({ context, ...message }, text as string);
    else if (typeof text === 'string' && text.includes('\n    at '))
      this.pino[level]({ context, stack: text }, `${message}`);
    else this.pino[level]({ context }, `${message}`);
  }
}
