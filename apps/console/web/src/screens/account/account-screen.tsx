import { getRouteApi } from '@tanstack/react-router';
import { TextField } from '../../design/controls/inputs.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { accountWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { usePersonId } from '../../shell/session.tsx';
import { Balances } from './balances.tsx';
import { Statement } from './statement.tsx';

const route = getRouteApi('/account');

/** A member's own money: balances, also of a past day, and the statement. */
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
      actions={
        <TextField
          type="date"
          label={words.asOf}
          hint={words.asOfHint}
          value={day ?? ''}
          max={today()}
          onChange={(chosen) => change({ day: chosen || undefined })}
        />
      }
    >
      <Balances personId={personId} day={day} />
      <Statement
        personId={personId}
        currency={currency}
        after={after}
        onCurrency={(chosen) => change({ currency: chosen })}
      />
    </Page>
  );
}

/** The reader's own day. */
function today(): string {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}
