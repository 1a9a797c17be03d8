import { useEffect, useState } from 'react';
import { useAsk } from '../../../api/queries.ts';
import { DateTimeField } from '../../../design/aria/date-time-field.tsx';
import { TimeField } from '../../../design/aria/time-field.tsx';
import { ZoneField } from '../../../design/aria/zone-field.tsx';
import { Check } from '../../../design/controls/check.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { useLocale } from '../../../messages/language.ts';
import { codesWords, promoCodesWords } from '../../../messages/words.ts';
import { Loaded } from '../../../states/loaded.tsx';
import { Availability } from '../../code-parts/availability.tsx';
import { Openings, weekdayName } from '../../code-parts/hours.tsx';
import { type CodeForm, Limit } from './limit-field.tsx';
import { type CodeValues, hoursOf } from './values.ts';

const week = [1, 2, 3, 4, 5, 6, 7];

/** When a code works: validity, hours, zone and days, with the openings that they make before anything is saved. */
export function HoursFields({ form }: { readonly form: CodeForm }) {
  const words = useWords(promoCodesWords).form;
  const locale = useLocale();
  const { values } = form;
  const { timezone, everyDay, days } = values;
  return (
    <fieldset className="card fieldset">
      <legend className="legend">{words.when}</legend>
      <div className="fields">
        <ZoneField
          label={words.zone}
          value={timezone}
          onChange={(zone) => form.change({ timezone: zone })}
          error={form.errorAt('/active_hours/timezone')}
        />
      </div>
      <div className="fields">
        <Limit form={form} name="valid_from" label={words.hasFrom}>
          <DateTimeField label={words.validFrom} zone={timezone} {...bound(form, 'valid_from')} />
        </Limit>
        <Limit form={form} name="valid_until" label={words.hasUntil}>
          <DateTimeField label={words.validUntil} zone={timezone} {...bound(form, 'valid_until')} />
        </Limit>
      </div>
      <Check
        isSwitch
        label={words.hasHours}
        hint={words.hoursHint}
        value={values.hoursEnabled}
        onChange={(isOn) => form.change({ hoursEnabled: isOn })}
      />
      {values.hoursEnabled && (
        <div className="fields">
          <TimeField label={words.from} {...bound(form, 'start_time', '/active_hours/start_time')} />
          <TimeField
            label={words.until}
            hint={words.untilHint}
            {...bound(form, 'end_time', '/active_hours/end_time')}
          />
        </div>
      )}
      <Check
        isSwitch
        label={words.everyDay}
        value={everyDay}
        error={form.errorAt('/days')}
        onChange={(isOn) => form.change({ everyDay: isOn })}
      />
      {!everyDay && (
        <fieldset className="row" aria-label={words.days}>
          {week.map((day) => (
            <Check
              key={day}
              label={weekdayName(day, locale, 'long')}
              value={days.includes(day)}
              onChange={(isOn) => form.change({ days: isOn ? [...days, day] : days.filter((other) => other !== day) })}
            />
          ))}
        </fieldset>
      )}
      <Preview values={values} />
    </fieldset>
  );
}

type Instant = 'valid_from' | 'valid_until' | 'start_time' | 'end_time';

function bound(form: CodeForm, name: Instant, pointer?: string) {
  const { value, onChange, error } = form.field(name, pointer);
  return { value, onChange, error };
}

/** What the hours make, as the server computes it; asked for when typing has paused. */
function Preview({ values }: { readonly values: CodeValues }) {
  const words = useWords(promoCodesWords).form;
  const codes = useWords(codesWords);
  const { on, valid_from, valid_until } = values;
  const body = {
    ...hoursOf(values),
    valid_from: on.valid_from ? valid_from : null,
    valid_until: on.valid_until ? valid_until : null,
    count: 14,
  };
  const settled = useSettled(JSON.stringify(body));
  const preview = useAsk('previewHours', { body: JSON.parse(settled) as typeof body }, { keepsPrevious: true });
  return (
    <section className="stack-s preview" aria-label={words.preview}>
      <h3>{words.preview}</h3>
      <Loaded of={preview}>
        {({ open, next_opens_at, closes_at, openings, timezone }) => (
          <>
            <Availability open={open} opensAt={next_opens_at} closesAt={closes_at} />
            <details>
              <summary>{codes.openings}</summary>
              <Openings openings={openings} zone={timezone} />
            </details>
          </>
        )}
      </Loaded>
    </section>
  );
}

/** A text once it has not changed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 400);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
