import { Link } from '@tanstack/react-router';
import type { OrderMoney } from '../../api/generated/operations.ts';
import { Instant } from '../../design/data/instant.tsx';
import { Money } from '../../design/data/money.tsx';
import { Status, type Tone } from '../../design/data/status.tsx';
import { Icon } from '../../design/icon.tsx';
import { shortOwner } from '../../format/short-id.ts';
import { useWords } from '../../messages/catalogue.ts';
import { ledgerWords } from '../../messages/words.ts';
import { LedgerRows } from './ledger-rows.tsx';

/** A transfer as the money of orders and of payments shows it; `from` and `to` are kind and owner of an account. */
export type MovedMoney = Pick<
  OrderMoney['transfers'][number],
  'transfer_id' | 'movement' | 'state' | 'from' | 'to' | 'amount_minor' | 'currency' | 'created_at' | 'resolved_at'
>;

/** The way to the class: what is none of these branches off. */
const way: ReadonlySet<MovedMoney['movement']> = new Set(['register-payment', 'match-payment', 'reserve']);

const tones: Readonly<Record<MovedMoney['state'], Tone>> = { pending: 'info', posted: 'good', voided: 'neutral' };

export interface MovedMoneyProps {
  readonly transfers: readonly MovedMoney[];
  /** Of owners of accounts, by their ids. */
  readonly names: Names;
}

type Names = Readonly<Record<string, string | null | undefined>>;

/** Where money is: each movement as an arc with amount, state and instant, and the rows that prove it. */
export function MoneyWay({ transfers, names }: MovedMoneyProps) {
  const words = useWords(ledgerWords);
  const branches = transfers.filter(({ movement }) => !way.has(movement));
  return (
    <section className="card" aria-labelledby="way">
      <h2 id="way">{words.wayTitle}</h2>
      {transfers.length === 0 ? (
        <p className="soft">{words.wayNothing}</p>
      ) : (
        <>
          <p className="soft">{words.wayIntro}</p>
          <Arcs names={names} transfers={transfers.filter(({ movement }) => way.has(movement))} />
          {branches.length > 0 && (
            <>
              <h3>{words.branches}</h3>
              <Arcs names={names} transfers={branches} />
            </>
          )}
          <LedgerRows transfers={transfers} names={names} />
        </>
      )}
    </section>
  );
}

function Arcs({ transfers, names }: MovedMoneyProps) {
  const words = useWords(ledgerWords);
  return (
    <ol className="way">
      {transfers.map((transfer) => (
        <li key={transfer.transfer_id} className={transfer.state}>
          <Place of={transfer.from} names={names} />
          <div className="arc">
            <Link to="/ledger/transfers/$id" params={{ id: transfer.transfer_id }}>
              {words.movements[transfer.movement]}
            </Link>
            <span className="amount">
              <Money minor={transfer.amount_minor} currency={transfer.currency} />
            </span>
            <Icon name="arrow" />
            <Status tone={tones[transfer.state]}>{words.states[transfer.state]}</Status>
            <span className="soft small">
              <Instant at={transfer.resolved_at ?? transfer.created_at} isZoneHidden />
            </span>
          </div>
          <Place of={transfer.to} names={names} isReserved={transfer.state === 'pending'} />
        </li>
      ))}
    </ol>
  );
}

interface PlaceProps {
  readonly of: string;
  readonly names: Names;
  readonly isReserved?: boolean;
}

/** An account at one end of an arc. Money that is reserved for a class is not there yet. */
function Place({ of, names, isReserved }: PlaceProps) {
  const words = useWords(ledgerWords);
  const [kind = '', owner = ''] = of.split(' ');
  const name = words.kinds[kind as keyof typeof words.kinds] ?? kind;
  return (
    <div className="place">
      <Link to="/ledger/accounts" search={{ owner }}>
        {name}
      </Link>
      <span className="soft small" translate="no">
        {names[owner] ?? shortOwner(owner)}
      </span>
      {isReserved && <span className="soft small">{words.reserved}</span>}
    </div>
  );
}
