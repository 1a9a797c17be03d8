import { getRouteApi, Link } from '@tanstack/react-router';
import { useAsk } from '../../../api/queries.ts';
import { useWords } from '../../../messages/catalogue.ts';
import { rulesWords } from '../../../messages/words.ts';
import { Page } from '../../../shell/page.tsx';
import { Loaded } from '../../../states/loaded.tsx';
import { useParameterTypes } from '../schema-form/use-parameters.ts';
import { RuleForm } from './rule-form.tsx';
import { emptyRule, valuesOf } from './rule-values.ts';

const nextRoute = getRouteApi('/rules/$id/next');

/** The first version of a rule. */
export function NewRuleScreen() {
  const words = useWords(rulesWords);
  return (
    <Page title={words.newRule} intro={words.rulesIntro} crumb={<Link to="/rules">{words.rulesTitle}</Link>}>
      <Inputs>{(inputs) => <RuleForm {...inputs} initial={emptyRule()} />}</Inputs>
    </Page>
  );
}

/** The next version of a rule, which begins with what the newest says. */
export function NextVersionScreen() {
  const words = useWords(rulesWords);
  const { id } = nextRoute.useParams();
  const rule = useAsk('getRule', { path: { id } });
  const crumb = (
    <Link to="/rules/$id" params={{ id }}>
      {rule.data?.title ?? words.rule}
    </Link>
  );
  return (
    <Page title={words.nextVersion} crumb={crumb}>
      <Loaded of={rule}>
        {(found) => (
          <Inputs>
            {(inputs) => <RuleForm key={found.version} {...inputs} initial={valuesOf(found)} next={found} />}
          </Inputs>
        )}
      </Loaded>
    </Page>
  );
}

type RuleInputs = Pick<Parameters<typeof RuleForm>[0], 'methods' | 'types'>;

function Inputs({ children }: { readonly children: (inputs: RuleInputs) => React.ReactNode }) {
  const methods = useAsk('listSubscriptionMethods', {});
  const types = useParameterTypes();
  return (
    <Loaded of={methods}>
      {({ items: known }) => (
        <Loaded of={types} isEmpty={() => false}>
          {({ items }) => children({ methods: known, types: items })}
        </Loaded>
      )}
    </Loaded>
  );
}
