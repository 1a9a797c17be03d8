import { Link } from '@tanstack/react-router';
import type { Action } from '../../api/generated/operations.ts';
import { Instant } from '../../design/data/instant.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { actionsWords, shellWords } from '../../messages/words.ts';
import { SubjectLink } from './subject-link.tsx';

const subjectsShown = 3;

/** Actions, each with who did it, about what and why. */
export function ActionsTable({ actions }: { readonly actions: readonly Action[] }) {
  const words = useWords(actionsWords);
  const columns: readonly Column<Action>[] = [
    { title: words.kind, isHeader: true, cell: (action) => <What action={action} /> },
    { title: words.author, cell: (action) => <Who action={action} /> },
    { title: words.subjects, cell: (action) => <Subjects action={action} /> },
    { title: words.reason, cell: ({ reason }) => reason },
    { title: words.when, cell: ({ recorded_at }) => <Instant at={recorded_at} isZoneHidden /> },
  ];
  return <Table caption={words.title} columns={columns} rows={actions} rowKey={({ action_id }) => action_id} />;
}

function What({ action: { kind, service } }: { readonly action: Action }) {
  const words = useWords(actionsWords);
  return (
    <span>
      {words.kinds[kind] ?? <code translate="no">{kind}</code>}
      <span className="soft small block">{words.services[service]}</span>
    </span>
  );
}

/** The author leads to all that they did. */
function Who({ action: { author } }: { readonly action: Action }) {
  const shell = useWords(shellWords);
  const roles: Readonly<Record<string, string>> = shell.roles;
  return (
    <span>
      <Link to="/admin/actions" search={{ author: author.subject }} translate="no">
        {author.subject}
      </Link>
      <span className="soft small block">{roles[author.role] ?? author.role}</span>
    </span>
  );
}

function Subjects({ action: { kind, subjects } }: { readonly action: Action }) {
  const words = useWords(actionsWords);
  const more = subjects.length - subjectsShown;
  return (
    <span>
      {subjects.slice(0, subjectsShown).map((subject) => (
        <span key={subject} className="block">
          <SubjectLink kind={kind} subject={subject} />
        </span>
      ))}
      {more > 0 && <span className="soft small block">{words.moreSubjects(more)}</span>}
    </span>
  );
}
