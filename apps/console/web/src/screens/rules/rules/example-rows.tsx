import type { ExampleOutcome, ParameterType } from '../../../api/generated/operations.ts';
import { Button } from '../../../design/controls/button.tsx';
import { ownZone } from '../../../format/instants.ts';
import { useWords } from '../../../messages/catalogue.ts';
import { rulesWords } from '../../../messages/words.ts';
import { ExampleRow } from './example-row.tsx';
import { newExample, type RuleValues, type TypedExample } from './rule-values.ts';

export interface ExampleRowsProps {
  readonly values: RuleValues;
  readonly onChange: (examples: readonly TypedExample[]) => void;
  readonly types: readonly ParameterType[];
  readonly errorAt: (pointer: string) => string | undefined;
  /** By the key of an example. */
  readonly outcomes: ReadonlyMap<string, ExampleOutcome>;
}

/** Golden examples, each with its outcome on its row. */
export function ExampleRows({ values, onChange, types, errorAt, outcomes }: ExampleRowsProps) {
  const words = useWords(rulesWords);
  const { examples } = values;
  const last = examples.at(-1);
  return (
    <section className="card" aria-labelledby="golden">
      <h2 id="golden">{words.examples}</h2>
      <p className="soft small">{words.examplesHint}</p>
      {examples.length === 0 && <p className="soft">{words.noExamples}</p>}
      {examples.map((example, index) => (
        <ExampleRow
          key={example.key}
          example={example}
          position={index + 1}
          template={values.parameters}
          types={types}
          outcome={outcomes.get(example.key)}
          error={errorAt(`/examples/${index}`)}
          errorAt={(member) => errorAt(`/examples/${index}/${member}`)}
          onChange={(changed) => onChange(examples.map((one) => (one.key === changed.key ? changed : one)))}
          onRemove={() => onChange(examples.filter(({ key }) => key !== example.key))}
        />
      ))}
      <div>
        <Button
          size="small"
          onClick={() => onChange([...examples, newExample(last?.zone ?? ownZone(), last?.currency ?? 'EUR')])}
        >
          {words.addExample}
        </Button>
      </div>
    </section>
  );
}
