import { useState } from 'react';
import { Button, ComboBox, Input, ListBox, ListBoxItem, Popover } from 'react-aria-components';
import { matchingZones } from '../../format/zones.ts';
import { useWords } from '../../messages/catalogue.ts';
import { shellWords } from '../../messages/words.ts';
import type { FieldProps } from '../controls/field.tsx';
import { Icon } from '../icon.tsx';
import { AriaField } from './aria-field.tsx';
import { AriaLocale } from './locale.tsx';

export interface ZoneFieldProps extends FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A time zone by its name in the tz database; what the server said is never renamed. */
export function ZoneField({ value, onChange, ...field }: ZoneFieldProps) {
  const words = useWords(shellWords);
  const [typed, setTyped] = useState(value);
  const zones = matchingZones(typed === value ? '' : typed, value);
  return (
    <AriaLocale>
      <ComboBox
        className="field"
        isInvalid={Boolean(field.error)}
        menuTrigger="focus"
        inputValue={typed}
        onInputChange={setTyped}
        selectedKey={value}
        onSelectionChange={(zone) => {
          setTyped(String(zone ?? value));
          if (zone) onChange(String(zone));
        }}
      >
        <AriaField {...field}>
          <div className="input segments with-button">
            <Input className="bare" autoComplete="off" />
            <Button className="icon-button" aria-label={words.openList}>
              <Icon name="down" />
            </Button>
          </div>
        </AriaField>
        <Popover className="popover">
          <ListBox items={zones.map((zone) => ({ id: zone }))}>
            {({ id }) => <ListBoxItem textValue={id}>{id}</ListBoxItem>}
          </ListBox>
        </Popover>
      </ComboBox>
    </AriaLocale>
  );
}
