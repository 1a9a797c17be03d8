import { Type } from '@mikro-orm/core';

/** `timestamptz` ↔ Temporal.Instant. The driver already reads instants (values.ts); the ORM keeps them. */
export class InstantColumn extends Type<Temporal.Instant | null, Temporal.Instant | string | null> {
  override convertToDatabaseValue(value: Temporal.Instant | null): string | null {
    return value?.toString() ?? null;
  }

  override convertToJSValue(value: Temporal.Instant | string | null): Temporal.Instant | null {
    return typeof value === 'string' ? Temporal.Instant.from(value) : value;
  }

  override compareAsType(): string {
    return 'string';
  }

  override getColumnType(): string {
    return 'timestamptz';
  }
}

/** `date` ↔ Temporal.PlainDate: a calendar day, of no zone and no hour. */
export class CalendarDayColumn extends Type<Temporal.PlainDate | null, Temporal.PlainDate | string | null> {
  override convertToDatabaseValue(value: Temporal.PlainDate | null): string | null {
    return value?.toString() ?? null;
  }

  override convertToJSValue(value: Temporal.PlainDate | string | null): Temporal.PlainDate | null {
    return typeof value === 'string' ? Temporal.PlainDate.from(value) : value;
  }

  override compareAsType(): string {
    return 'string';
  }

  override getColumnType(): string {
    return 'date';
  }
}
