import { Link } from '@tanstack/react-router';
import { shortId } from '../format/short-id.ts';

export interface ReferenceRowProps {
  readonly title: string;
  readonly to: '/orders/$id' | '/payments/$id' | '/ledger/transfers/$id';
  readonly id: string | null | undefined;
}

/** A pair of a description list that leads to another thing by its id; nothing where there is none. */
export function ReferenceRow({ title, to, id }: ReferenceRowProps) {
  if (!id) return null;
  return (
    <>
      <dt>{title}</dt>
      <dd>
        <Link to={to} params={{ id }}>
          {shortId(id)}
        </Link>
      </dd>
    </>
  );
}
