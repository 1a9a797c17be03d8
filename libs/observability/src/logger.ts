import type { LoggerService } from '@nestjs/common';
import { destination, type LoggerOptions, type Logger as Pino, pino } from 'pino';
import type { LogLevel } from '#kernel/service-settings.js';
import { currentTrace, traceIdOf } from './trace.js';

export interface LogSettings {
  /** The `service` member of each line. */
  readonly service: string;
  readonly level: LogLevel;
}

const secrets = ['authorization', 'cookie', 'set-cookie', 'password', 'secret', 'token', 'signature'];

/**
 * JSON lines on standard output, each with `service`, and with `trace_id` and `correlation_id` when it belongs to some
 * work. Lines are buffered and written asynchronously, every second at the latest and when the process exits;
 * kill -9 loses what is in the buffer.
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
 * Nest's logger on pino. Code says `new Logger(MyClass.name)` of `@nestjs/common` and either `log('words')` or
 * `log({ queue, depth }, 'words')`; an Error, alone or as `err`, is written with its stack and causes.
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

  /** Nest puts the class's name last, and hands an error's stack over as a string before it. */
  private write(level: Exclude<LogLevel, 'silent'>, message: unknown, rest: unknown[]): void {
    if (!this.pino.isLevelEnabled(level)) return;
    const context = rest.at(-1);
    const [words] = rest.slice(0, -1);
    if (message instanceof Error) this.pino[level]({ context, err: message }, message.message);
    else if (typeof message === 'object' && message !== null)
      this.pino[level]({ context, ...message }, words as string);
    else if (typeof words === 'string' && words.includes('\n    at '))
      this.pino[level]({ context, stack: words }, `${message}`);
    else this.pino[level]({ context }, `${message}`);
  }
}
