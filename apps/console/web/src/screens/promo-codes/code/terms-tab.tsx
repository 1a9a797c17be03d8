import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { CodeOpenings, PromoCode } from '../../../api/generated/operations.ts';
import { useAsk } from '../../../api/queries.ts';
import { Copyable } from '../../../design/controls/copyable.tsx';
import { Instant } from '../../../design/data/instant.tsx';
import { Money } from '../../../design/data/money.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { useLocale } from '../../../messages/language.ts';
import { codesWords, promoCodesWords } from '../../../messages/words.ts';
import { Loaded } from '../../../states/loaded.tsx';
import { Availability } from '../../code-parts/availability.tsx';
import { HoursText, Openings } from '../../code-parts/hours.tsx';
import { UsesMeter } from '../../code-parts/uses.tsx';

interface CodeProps {
  readonly code: PromoCode;
}

/** What an admin stated about the code, and its counters. */
export function TermsTab({ code }: CodeProps) {
  const openings = useAsk('previewOpenings', { path: { id: code.code_id }, query: { days: 14 } });
  return (
    <div className="columns">
      <div className="stack">
        <Hours code={code} openings={openings} />
        {!openings.isLoading && <Rules code={code} />}
      </div>
      <div className="stack aside">
        <Counters code={code} />
      </div>
    </div>
  );
}

function Hours({ code, openings }: CodeProps & { readonly openings: UseQueryResult<CodeOpenings> }) {
  const words = useWords(codesWords);
  const { timezone } = code.active_hours;
  return (
    <section className="card">
      <div className="card-head">
        <h2>{words.hours}</h2>
        <Availability open={code.open} opensAt={code.next_opens_at} closesAt={code.closes_at} />
      </div>
      <dl className="pairs">
        <Pair name={words.hours}>
          <HoursText hours={code.active_hours} days={code.days} />
        </Pair>
        {code.valid_from && (
          <Pair name={words.validFrom}>
            <Instant at={code.valid_from} zone={timezone} />
          </Pair>
        )}
        <Pair name={words.validUntil}>
          {code.valid_until ? <Instant at={code.valid_until} zone={timezone} /> : words.validAlways}
        </Pair>
      </dl>
      <h3>{words.openings}</h3>
      <Loaded of={openings}>{(answer) => <Openings openings={answer.openings} zone={answer.timezone} />}</Loaded>
    </section>
  );
}

function Rules({ code }: CodeProps) {
  const words = useWords(promoCodesWords);
  const { form } = words;
  const codes = useWords(codesWords);
  const percent = new Intl.NumberFormat(useLocale(), { style: 'percent', maximumFractionDigits: 2 });
  const money = (minor: number | null) =>
    minor !== null && code.currency ? <Money minor={minor} currency={code.currency} /> : codes.unlimited;
  const reasons = (['cancel', 'refund', 'fraud', 'chargeback'] as const).filter((reason) => code.give_back[reason]);
  return (
    <section className="card">
      <h2>{words.tab.terms}</h2>
      <dl className="pairs even">
        <Pair name={form.kind}>{codes.kind[code.kind]}</Pair>
        <Pair name={form.benefit}>
          {code.percent_bp === null ? money(code.amount_minor) : percent.format(code.percent_bp / 10_000)}
        </Pair>
        <Pair name={form.cap}>{money(code.cap_minor)}</Pair>
        <Pair name={form.minimum}>{code.minimum_minor === null ? words.without : money(code.minimum_minor)}</Pair>
        <Pair name={form.budget}>{money(code.budget_minor)}</Pair>
        <Pair name={form.perPerson}>{code.max_uses_per_person ?? codes.unlimited}</Pair>
        <Pair name={form.perOffer}>{code.max_uses_per_offer ?? codes.unlimited}</Pair>
        <Pair name={form.autoDeactivate}>{code.auto_deactivate_on_max_uses ? words.yes : words.no}</Pair>
        <Pair name={form.offersRule}>
          {codes.offersRule[code.offers_rule]} {code.offers.join(', ')}
        </Pair>
        <Pair name={form.audience}>{form.audiences[code.audience]}</Pair>
        <Pair name={form.stacking}>{form.stackings[code.stacking]}</Pair>
        <Pair name={form.countsOn}>{form.counts[code.counts_on]}</Pair>
        <Pair name={form.holdHours}>{code.hold_hours ?? words.ofClass}</Pair>
        <Pair name={form.holdPastValidity}>{code.hold_past_validity ? words.yes : words.no}</Pair>
        <Pair name={form.giveBack}>
          {reasons.map((reason) => form.giveBackReasons[reason]).join(', ') || words.without}
        </Pair>
        <Pair name={form.owner}>{code.owner_id ?? words.without}</Pair>
      </dl>
    </section>
  );
}

function Counters({ code }: CodeProps) {
  const words = useWords(promoCodesWords);
  const codes = useWords(codesWords);
  const { currency } = code;
  return (
    <section className="card">
      <UsesMeter used={code.usage_count} held={code.held_count} maxUses={code.max_uses} remaining={code.remaining} />
      <p className="soft small">
        {codes.held}: {codes.heldHint}
      </p>
      <dl className="pairs">
        {currency && (
          <>
            <Pair name={codes.given}>
              <Money minor={code.given_minor} currency={currency} />
            </Pair>
            <Pair name={codes.heldMoney}>
              <Money minor={code.held_minor} currency={currency} />
            </Pair>
            <Pair name={codes.moneyLeft}>
              {code.remaining_minor === null ? (
                codes.unlimited
              ) : (
                <Money minor={code.remaining_minor} currency={currency} />
              )}
            </Pair>
          </>
        )}
        {code.auto_deactivated_at && (
          <Pair name={codes.usedUpAt}>
            <Instant at={code.auto_deactivated_at} />
          </Pair>
        )}
        <Pair name={words.version}>{code.version}</Pair>
        <Pair name={words.created}>
          <Instant at={code.created_at} /> <span className="soft">{code.created_by}</span>
        </Pair>
        <Pair name={words.changed}>
          <Instant at={code.updated_at} />
        </Pair>
        {code.first_used_at && (
          <Pair name={words.firstUsed}>
            <Instant at={code.first_used_at} />
          </Pair>
        )}
        <Pair name={words.id}>
          <Copyable value={code.code_id} name={words.id} isShort />
        </Pair>
      </dl>
    </section>
  );
}

function Pair({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
