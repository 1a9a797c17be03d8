import { useState } from 'react';
import { useAsk } from '../../api/queries.ts';
import { Button } from '../../design/controls/button.tsx';
import { SearchField } from '../../design/controls/search-field.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { classesWords } from '../../messages/words.ts';
import { Loaded } from '../../states/loaded.tsx';

export interface ChosenPerson {
  readonly person_id: string;
  readonly name: string;
}

export interface PersonPickerProps {
  readonly chosen: ChosenPerson | undefined;
  readonly onChoose: (person: ChosenPerson | undefined) => void;
}

/** An admin orders for somebody: found by name, username or e-mail. */
export function PersonPicker({ chosen, onChoose }: PersonPickerProps) {
  const words = useWords(classesWords);
  const [search, setSearch] = useState('');
  const persons = useAsk('searchPersons', { query: { search, limit: 5 } }, { isEnabled: search !== '' && !chosen });
  if (chosen) {
    return (
      <div className="row-between">
        <span>
          {words.orderFor} <strong>{chosen.name}</strong>
        </span>
        <Button size="small" onClick={() => onChoose(undefined)}>
          {words.changePerson}
        </Button>
      </div>
    );
  }
  return (
    <div className="stack-s">
      <SearchField label={words.orderFor} hint={words.findPerson} value={search} onSearch={setSearch} />
      {search !== '' && (
        <Loaded of={persons} empty={<p className="soft small">{words.noPerson}</p>}>
          {({ items }) =>
            items.map((person) => (
              <Button key={person.person_id} onClick={() => onChoose(person)}>
                {person.name} <span className="soft small">{person.email}</span>
              </Button>
            ))
          }
        </Loaded>
      )}
    </div>
  );
}
