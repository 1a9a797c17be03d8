import { getRouteApi, Link } from '@tanstack/react-router';
import type { SubscriptionRule } from '../../../api/generated/operations.ts';
import { useAsk } from '../../../api/queries.ts';
import { buttonClass } from '../../../design/controls/button.tsx';
import { Select } from '../../../design/controls/inputs.tsx';
import { Instant } from '../../../design/data/instant.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { rulesWords } from '../../../messages/words.ts';
import { ActionsLink } from '../../../shell/actions-link.tsx';
import { Page } from '../../../shell/page.tsx';
import { useSession } from '../../../shell/session.tsx';
import { Loaded } from '../../../states/loaded.tsx';
import { writeJson } from '../json-text.ts';
import { ExampleResult } from './example-result.tsx';
import { RetireRule } from './retire-rule.tsx';
import { VersionsCompared } from './versions-compared.tsx';

const route = getRouteApi('/rules/$id');

/** One version of a rule, its examples as they come out now, and what another version says otherwise. */
export function RuleScreen() {
  const words = useWords(rulesWords);
  const { id } = route.useParams();
  const { version, with: other } = route.useSearch();
  const { role } = useSession();
  const newest = useAsk('getRule', { path: { id } });
  const shown = useAsk('getRule', { path: { id }, query: { version } }, { isEnabled: version !== undefined });
  const rule = version === undefined ? newest : shown;
  const next = role === 'admin' && newest.data && (
    <>
      <RetireRule rule={newest.data} />
      {!newest.data.retired_at && (
        <Link to="/rules/$id/next" params={{ id }} className={buttonClass('primary')}>
          {words.nextVersion}
        </Link>
      )}
    </>
  );
  return (
    <Page
      title={rule.data?.title ?? words.rule}
      crumb={<Link to="/rules">{words.rulesTitle}</Link>}
      intro={rule.data?.description}
      actions={
        <>
          <ActionsLink subject={id} />
          {next}
        </>
      }
    >
      <Loaded of={rule}>
        {(found) => (
          <div className="stack">
            <Versions rule={found} newest={newest.data?.version ?? found.version} other={other} />
            {other !== undefined && other !== found.version && <VersionsCompared rule={found} other={other} />}
            <Terms rule={found} />
            <Examples rule={found} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function Versions({
  rule,
  newest,
  other,
}: {
  readonly rule: SubscriptionRule;
  readonly newest: number;
  readonly other: number | undefined;
}) {
  const words = useWords(rulesWords);
  const navigate = route.useNavigate();
  const all = Array.from({ length: newest }, (_, index) => String(newest - index));
  const choices = all.map((value) => ({ value, label: words.versionNumber(Number(value)) }));
  const others = choices.filter(({ value }) => value !== String(rule.version));
  return (
    <div className="filters">
      <Select
        label={words.version}
        value={String(rule.version)}
        choices={choices}
        onChange={(chosen) => void navigate({ search: (before) => ({ ...before, version: Number(chosen) }) })}
      />
      {others.length > 0 && (
        <Select
          label={words.compareWith}
          value={other === undefined ? '' : String(other)}
          choices={[{ value: '', label: words.notCompared }, ...others]}
          onChange={(chosen) =>
            void navigate({ search: (before) => ({ ...before, with: Number(chosen) || undefined }) })
          }
        />
      )}
    </div>
  );
}

function Terms({ rule }: { readonly rule: SubscriptionRule }) {
  const words = useWords(rulesWords);
  return (
    <section className="card" aria-labelledby="terms">
      <h2 id="terms">{words.terms}</h2>
      <dl className="pairs">
        <dt>{words.method}</dt>
        <dd>
          <code translate="no">{rule.method}</code>
        </dd>
        <dt>{words.published}</dt>
        <dd>
          <Instant at={rule.published_at} />
        </dd>
        {rule.retired_at && (
          <>
            <dt>{words.retiredSince}</dt>
            <dd>
              <Instant at={rule.retired_at} />
            </dd>
          </>
        )}
      </dl>
      <h3>{words.parameters}</h3>
      {rule.parameters.length === 0 ? (
        <p className="soft">{words.noParameters}</p>
      ) : (
        <ul className="list">
          {rule.parameters.map((parameter) => (
            <li key={parameter.name}>
              <div>
                <code translate="no">{parameter.name}</code>{' '}
                <Link to="/parameter-types/$name" params={{ name: parameter.type }} translate="no">
                  {parameter.type}
                </Link>
                {parameter.fixed && <span className="soft"> · {words.isFixed}</span>}
                {parameter.choices && <span className="soft"> · {parameter.choices.join(', ')}</span>}
                {parameter.required && <span className="soft"> · {words.required}</span>}
                {Object.hasOwn(parameter, 'default') && (
                  <span className="soft">
                    {' '}
                    · {words.defaultValue} <code translate="no">{writeJson(parameter.default)}</code>
                  </span>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Examples({ rule }: { readonly rule: SubscriptionRule }) {
  const words = useWords(rulesWords);
  const preview = useAsk('previewRule', { body: { rule_id: rule.rule_id, version: rule.version } });
  return (
    <section className="card" aria-labelledby="examples">
      <h2 id="examples">{words.examples}</h2>
      <Loaded
        of={preview}
        isEmpty={({ examples }) => examples.length === 0}
        empty={<p className="soft">{words.noExamples}</p>}
      >
        {({ examples }) => (
          <ul className="list">
            {examples.map((outcome) => (
              <li key={outcome.title} className="stack-s">
                <strong>{outcome.title}</strong>
                <ExampleResult outcome={outcome} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}
