import { parseTime, type Time } from '@internationalized/date';
import { TimeField as AriaTimeField, DateInput, DateSegment } from 'react-aria-components';
import type { FieldProps } from '../controls/field.tsx';
import { AriaField } from './aria-field.tsx';
import { AriaLocale } from './locale.tsx';

export interface TimeFieldProps extends FieldProps {
  /** `HH:MM`, or null while it is not complete. */
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}

/** A time of day by 24 hours. */
export function TimeField({ value, onChange, ...field }: TimeFieldProps) {
  return (
    <AriaLocale>
      <AriaTimeField
        className="field"
        hourCycle={24}
        granularity="minute"
        shouldForceLeadingZeros
        isInvalid={Boolean(field.error)}
        value={value === null ? null : parseTime(value)}
        onChange={(time) => onChange(time && textOf(time as Time))}
      >
        <AriaField {...field}>
          <DateInput className="input segments">
            {(segment) => <DateSegment segment={segment} className="segment" />}
          </DateInput>
        </AriaField>
      </AriaTimeField>
    </AriaLocale>
  );
}

/** React Aria writes seconds too; the API takes `HH:MM`. */
function textOf({ hour, minute }: Time): string {
  return [hour, minute].map((part) => String(part).padStart(2, '0')).join(':');
}
