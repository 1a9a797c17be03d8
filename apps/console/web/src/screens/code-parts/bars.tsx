import { useLocale } from '../../messages/language.ts';

export interface Bar {
  readonly key: string;
  readonly label: string;
  readonly value: number;
}

const height = 120;
const step = 10;

/** Values over days, as columns. The table beside it has the same numbers for people who do not see it. */
export function DayBars({ label, bars }: { readonly label: string; readonly bars: readonly Bar[] }) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const first = bars.at(0);
  const last = bars.at(-1);
  const locale = useLocale();
  return (
    <figure className="stack-s">
      <svg
        className="bars"
        viewBox={`0 0 ${bars.length * step} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {bars.map(({ key, label: name, value }, index) => {
          const size = value === 0 ? 0 : Math.max(2, (value / most) * (height - 4));
          return (
            <rect key={key} x={index * step + 1.5} y={height - size} width={step - 3} height={size} rx="1.5">
              <title>{name}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption className="row-between small soft number">
        <span>{first?.label.split(':')[0]}</span>
        <span>≤ {new Intl.NumberFormat(locale).format(most)}</span>
        <span>{last?.label.split(':')[0]}</span>
      </figcaption>
    </figure>
  );
}
