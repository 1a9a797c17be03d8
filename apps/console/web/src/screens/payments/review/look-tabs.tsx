import { TabLinks } from '../../../design/controls/tab-links.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { paymentsWords } from '../../../messages/words.ts';

const lists = {
  suspense: '/suspense',
  quarantined: '/quarantined',
  waitingRefunds: '/waiting-refunds',
  missingRefunds: '/missing-refunds',
} as const;

/** The lists of money that needs a look of a person. */
export function LookTabs({ current }: { readonly current: keyof typeof lists }) {
  const words = useWords(paymentsWords);
  return (
    <TabLinks
      label={words.sections}
      tabs={(Object.keys(lists) as (keyof typeof lists)[]).map((list) => ({
        label: words[list],
        to: lists[list],
        search: {},
        isCurrent: list === current,
      }))}
    />
  );
}
