import { getRouteApi } from '@tanstack/react-router';
import { useWords } from '../../messages/catalogue.ts';
import { accountWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { usePersonId } from '../../shell/session.tsx';
import { AsOf } from './as-of.tsx';
import { Balances } from './balances.tsx';
import { Statement } from './statement.tsx';

const route = getRouteApi('/account');

/** A member's own money: balances and statement, also of a past day. */
export function AccountScreen() {
  const words = useWords(accountWords);
  const personId = usePersonId();
  const { day, currency, after } = route.useSearch();
  const navigate = route.useNavigate();
  const change = (next: { day?: string | undefined; currency?: string | undefined }) =>
    void navigate({
      search: (before) => ({ ...before, ...next, after: undefined }),
      replace: true,
      resetScroll: false,
    });
  return (
    <Page
      title={words.title}
      intro={words.intro}
      actions={<AsOf day={day} onChange={(chosen) => change({ day: chosen })} />}
    >
      <Balances personId={personId} day={day} />
      <Statement
        personId={personId}
        day={day}
        currency={currency}
        after={after}
        onCurrency={(chosen) => change({ currency: chosen })}
      />
    </Page>
  );
}
