import { TabLinks } from '../../design/controls/tab-links.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { paymentsWords } from '../../messages/words.ts';

/** The lists of money that needs a look of a person. */
export function LookTabs({ current }: { readonly current: 'suspense' | 'quarantined' }) {
  const words = useWords(paymentsWords);
  return (
    <TabLinks
      label={words.sections}
      tabs={[
        { label: words.suspense, to: '/suspense', search: {}, isCurrent: current === 'suspense' },
        { label: words.quarantined, to: '/quarantined', search: {}, isCurrent: current === 'quarantined' },
      ]}
    />
  );
}
