import { Link } from '@tanstack/react-router';
import { Refused } from '../../api/problems.ts';
import { buttonClass } from '../../design/controls/button.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { actionsWords } from '../../messages/words.ts';
import { Notice } from '../../states/state.tsx';
import { services } from './params.ts';

/** While a service is away the whole list would have gaps; of the others the actions can be read one by one. */
export function OtherServices({ error }: { readonly error: Error | null }) {
  const words = useWords(actionsWords);
  if (!(error instanceof Refused) || !error.isAway) return null;
  const named = error.problem.details?.unavailable_services;
  const away = services.filter((service) => Array.isArray(named) && named.includes(service));
  if (away.length === 0) return null;
  return (
    <Notice tone="warn" role="status" title={words.awayTitle(away.map((service) => words.services[service]))}>
      <p>{words.awayText}</p>
      <div className="row">
        {services
          .filter((service) => !away.includes(service))
          .map((service) => (
            <Link
              key={service}
              to="/admin/actions"
              search={(before: object) => ({ ...before, service, after: undefined })}
              className={buttonClass('plain', 'small')}
            >
              {words.onlyOf(words.services[service])}
            </Link>
          ))}
      </div>
    </Notice>
  );
}
