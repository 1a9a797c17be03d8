import { useState } from 'react';
import { flushSync } from 'react-dom';
import type { AssignmentCandidate, AssignmentCandidates } from '../../api/generated/operations.ts';
import { useAsk, useRefreshAll } from '../../api/queries.ts';
import { announce } from '../../design/announce.ts';
import { Button } from '../../design/controls/button.tsx';
import { Dialog } from '../../design/controls/dialog.tsx';
import { SearchField } from '../../design/controls/search-field.tsx';
import { Money } from '../../design/data/money.tsx';
import { shortId } from '../../format/short-id.ts';
import { Form } from '../../forms/form.tsx';
import { useForm } from '../../forms/use-form.ts';
import { useWords } from '../../messages/catalogue.ts';
import { paymentsWords } from '../../messages/words.ts';
import { Loaded } from '../../states/loaded.tsx';

interface AssignProps {
  readonly paymentId: string;
  readonly onClose: () => void;
}

/** The person, and the order of theirs if one is meant. */
interface Payee {
  readonly person_id: string;
  readonly order_id?: string;
}

/** Whose the money is: orders that fit are offered, and any person can be found. An admin decides. */
export function AssignPayment({ paymentId, onClose }: AssignProps) {
  const words = useWords(paymentsWords);
  const candidates = useAsk('listCandidates', { path: { id: paymentId } });
  return (
    <Dialog title={words.assignTitle} look="wide" onClose={onClose}>
      <Loaded of={candidates} isEmpty={() => false}>
        {(found) => <Choice found={found} onClose={onClose} />}
      </Loaded>
    </Dialog>
  );
}

function Choice({ found, onClose }: { readonly found: AssignmentCandidates; readonly onClose: () => void }) {
  const words = useWords(paymentsWords);
  const { payment, left_minor, candidates } = found;
  return (
    <div className="stack">
      <p>
        <span translate="no">{payment.reference}</span> · {words.left}{' '}
        <Money minor={left_minor} currency={payment.currency} />
      </p>
      <h3>{words.candidates}</h3>
      {candidates.length === 0 ? (
        <p className="soft">{words.noCandidates}</p>
      ) : (
        <ul className="list">
          {candidates.map((candidate) => (
            <li key={candidate.order_id}>
              <CandidateRow candidate={candidate} />
              <Assign paymentId={payment.payment_id} payee={candidate} label={words.choose} onClose={onClose} />
            </li>
          ))}
        </ul>
      )}
      <AnyPerson paymentId={payment.payment_id} onClose={onClose} />
    </div>
  );
}

function CandidateRow({ candidate }: { readonly candidate: AssignmentCandidate }) {
  const words = useWords(paymentsWords);
  const { person_name, class_title, order_id, amount_minor, currency, reasons } = candidate;
  return (
    <div className="row-between">
      <span>
        <span className="strong">{person_name ?? shortId(candidate.person_id)}</span>
        <span className="soft small block">
          {class_title ?? shortId(order_id)} · {reasons.map((reason) => words.candidateReasons[reason]).join(', ')}
        </span>
      </span>
      <Money minor={amount_minor} currency={currency} />
    </div>
  );
}

interface AssignButtonProps extends AssignProps {
  readonly payee: Payee;
  readonly label: string;
}

/** Each choice is a form of its own, with a key of its own. */
function Assign({ paymentId, payee: { person_id, order_id }, label, onClose }: AssignButtonProps) {
  const words = useWords(paymentsWords);
  const refresh = useRefreshAll();
  const form = useForm({
    operation: 'assignPayment',
    initial: {},
    request: (_, key) => ({
      path: { id: paymentId },
      key,
      body: { person_id, ...(order_id !== undefined && { order_id }) },
    }),
    onDone: async () => {
      // The candidates of an assigned payment are no longer there: the dialog that shows them ends first.
      flushSync(onClose);
      announce(words.assignedTo);
      await refresh();
    },
  });
  return <Form form={form} submit={label} />;
}

function AnyPerson({ paymentId, onClose }: AssignProps) {
  const words = useWords(paymentsWords);
  const [search, setSearch] = useState('');
  const persons = useAsk('searchPersons', { query: { search, limit: 5 } }, { isEnabled: search !== '' });
  return (
    <section className="stack-s">
      <SearchField label={words.findPerson} value={search} onSearch={setSearch} />
      {search !== '' && (
        <Loaded of={persons} empty={<p className="soft small">{words.noPersons}</p>}>
          {({ items }) =>
            items.map((person) => (
              <div key={person.person_id} className="stack-s">
                <span>
                  {person.name}{' '}
                  <span className="soft small" translate="no">
                    {person.email}
                  </span>
                </span>
                <Assign
                  paymentId={paymentId}
                  payee={{ person_id: person.person_id }}
                  label={words.assignTo(person.name)}
                  onClose={onClose}
                />
              </div>
            ))
          }
        </Loaded>
      )}
      <div>
        <Button look="quiet" onClick={onClose}>
          {words.cancel}
        </Button>
      </div>
    </section>
  );
}
