import { type CalendarDateTime, parseAbsolute, toCalendarDateTime, toZoned } from '@internationalized/date';
import {
  Button,
  Calendar,
  CalendarCell,
  CalendarGrid,
  DateInput,
  DatePicker,
  DateSegment,
  Dialog,
  Group,
  Heading,
  Popover,
} from 'react-aria-components';
import { useWords } from '../../messages/catalogue.ts';
import { shellWords } from '../../messages/words.ts';
import type { FieldProps } from '../controls/field.tsx';
import { Icon } from '../icon.tsx';
import { AriaField } from './aria-field.tsx';
import { AriaLocale } from './locale.tsx';

export interface DateTimeFieldProps extends FieldProps {
  /** An instant (RFC 3339), or null while it is not complete. */
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
  /** The zone in which the instant is typed; it stands beside the field. */
  readonly zone: string;
}

/** An instant, typed or chosen as day and time of a zone. */
export function DateTimeField({ value, onChange, zone, ...field }: DateTimeFieldProps) {
  const words = useWords(shellWords);
  return (
    <AriaLocale>
      <DatePicker
        className="field"
        hourCycle={24}
        granularity="minute"
        shouldForceLeadingZeros
        isInvalid={Boolean(field.error)}
        value={value === null ? null : toCalendarDateTime(parseAbsolute(value, zone))}
        onChange={(date) => onChange(date && instantOf(date as CalendarDateTime, zone))}
      >
        <AriaField {...field}>
          <Group className="input segments with-button">
            <DateInput className="segments-inner">
              {(segment) => <DateSegment segment={segment} className="segment" />}
            </DateInput>
            <span className="soft small zone">{zone}</span>
            <Button className="icon-button" aria-label={words.openCalendar}>
              <Icon name="calendar" />
            </Button>
          </Group>
        </AriaField>
        <Popover className="popover">
          <Dialog className="calendar-dialog">
            <Calendar className="calendar">
              <header>
                <Button slot="previous" className="icon-button">
                  <Icon name="back" />
                </Button>
                <Heading className="strong" />
                <Button slot="next" className="icon-button">
                  <Icon name="forward" />
                </Button>
              </header>
              <CalendarGrid>{(date) => <CalendarCell date={date} className="calendar-day" />}</CalendarGrid>
            </Calendar>
          </Dialog>
        </Popover>
      </DatePicker>
    </AriaLocale>
  );
}

function instantOf(date: CalendarDateTime, zone: string): string {
  return toZoned(date, zone).toAbsoluteString().replace('.000Z', 'Z');
}
