import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import type { Class } from '../../../api/generated/operations.ts';
import { useAsk, useRefresh } from '../../../api/queries.ts';
import { announce } from '../../../design/announce.ts';
import { TabLinks } from '../../../design/controls/tab-links.tsx';
import { useForm } from '../../../forms/use-form.ts';
import { useWords } from '../../../messages/catalogue.ts';
import { adminClassesWords } from '../../../messages/words.ts';
import { ActionsLink } from '../../../shell/actions-link.tsx';
import { Page } from '../../../shell/page.tsx';
import { useSession } from '../../../shell/session.tsx';
import { Loaded } from '../../../states/loaded.tsx';
import { ClassForm } from './class-form.tsx';
import { bodyOf, emptyClass, valuesOf } from './class-values.ts';
import { Students } from './students.tsx';

const route = getRouteApi('/admin/classes/$id');

/** A new class. */
export function NewClassScreen() {
  const words = useWords(adminClassesWords);
  const navigate = useNavigate();
  const refresh = useRefresh();
  const form = useForm({
    operation: 'createClass',
    initial: emptyClass(),
    request: (values, key) => ({ key, body: bodyOf(values) }),
    onDone: async ({ class_id: id }) => {
      await refresh('listAllClasses', 'listClasses');
      await navigate({ to: '/admin/classes/$id', params: { id } });
    },
  });
  return (
    <Page title={words.newClass} crumb={<Link to="/admin/classes">{words.title}</Link>}>
      <ClassForm form={form} submit={words.publish} />
    </Page>
  );
}

/** One class: its settings, and who is in it. */
export function ClassScreen() {
  const words = useWords(adminClassesWords);
  const { id } = route.useParams();
  const { tab, after } = route.useSearch();
  const found = useAsk('getAnyClass', { path: { id } });
  const to = { to: '/admin/classes/$id', params: { id } } as const;
  return (
    <Page
      title={found.data?.title ?? words.class}
      crumb={<Link to="/admin/classes">{words.title}</Link>}
      actions={found.data && <ActionsLink subject={id} />}
    >
      <Loaded of={found}>
        {(one) => (
          <>
            <TabLinks
              label={words.class}
              tabs={[
                { ...to, search: {}, label: words.settings, isCurrent: tab === undefined },
                { ...to, search: { tab: 'students' }, label: words.students, isCurrent: tab === 'students' },
              ]}
            />
            {tab === 'students' ? <Students of={one} after={after} /> : <Settings key={one.class_id} of={one} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Settings({ of: found }: { readonly of: Class }) {
  const words = useWords(adminClassesWords);
  const refresh = useRefresh();
  const { role } = useSession();
  const form = useForm({
    operation: 'changeClass',
    initial: valuesOf(found),
    request: (values, key) => {
      const { currency: _, ...body } = bodyOf(values);
      return { key, path: { id: found.class_id }, body };
    },
    onDone: async () => {
      announce(words.saved);
      await refresh('getAnyClass', 'listAllClasses', 'listClasses', 'getClass', 'quoteClass');
    },
  });
  return <ClassForm form={form} submit={words.save} published={found} isReadOnly={role !== 'admin'} />;
}
