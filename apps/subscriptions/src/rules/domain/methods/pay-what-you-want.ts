import { AMOUNT_MINOR_MAX, formatMoney } from '#kernel/money.js';
import { Refusal } from '#kernel/refusal.js';
import { wholeClass } from './calendar.js';
import type { Method, Misfit, ParameterValues } from './method.js';
import { amountFrom } from './needs.js';

/** The person chooses the amount. */
export const payWhatYouWant: Method = {
  name: 'pay_what_you_want',
  about:
    'Costs what the person chooses, from a minimum on, to a maximum if there is one; a suggestion stands for no choice.',
  needs: { minimum: amountFrom(0), suggestion: amountFrom(0) },
  options: { maximum: amountFrom(0) },
  choosable({ minimum, suggestion, maximum = null }) {
    return {
      minimumMinor: minimum as number,
      suggestionMinor: suggestion as number,
      maximumMinor: maximum as number | null,
    };
  },
  misfits(parameters) {
    const { minimum, suggestion, maximum } = termsOf(parameters);
    const bounds = `must be from the minimum, ${minimum}, to the maximum, ${maximum}`;
    const unfit: Misfit[] =
      maximum < minimum ? [{ at: { parameter: 'maximum' }, message: 'must be at least the minimum' }] : [];
    if (unfit.length > 0 || (suggestion >= minimum && suggestion <= maximum)) return unfit;
    return [{ at: { parameter: 'suggestion' }, message: bounds }];
  },
  quote(parameters, offer, now, choice) {
    const { currency } = offer;
    const { minimum, suggestion, maximum } = termsOf(parameters);
    const amountMinor = choice.amountMinor ?? suggestion;
    const money = (minor: number) => formatMoney({ amountMinor: minor, currency });
    refuseOutOfBounds({ amountMinor, minimum, maximum }, money);
    const { startDate, endDate, trace } = wholeClass(offer, now);
    const upTo = parameters.maximum === undefined ? '' : ` to ${money(maximum)}`;
    const explanation =
      choice.amountMinor === null
        ? `It costs the suggested ${money(suggestion)}; any amount from ${money(minimum)}${upTo} may be chosen.`
        : `It costs the chosen ${money(amountMinor)}; any amount from ${money(minimum)}${upTo} may be chosen.`;
    return { amountMinor, startDate, endDate, trace: [{ step: 'amount', explanation }, ...trace] };
  },
};

function termsOf({ minimum, suggestion, maximum = AMOUNT_MINOR_MAX }: ParameterValues) {
  return { minimum: minimum as number, suggestion: suggestion as number, maximum: maximum as number };
}

/** @throws Refusal CHOSEN_AMOUNT_OUT_OF_RANGE */
function refuseOutOfBounds(
  {
    amountMinor,
    minimum,
    maximum,
  }: { readonly amountMinor: number; readonly minimum: number; readonly maximum: number },
  money: (amountMinor: number) => string,
): void {
  if (amountMinor >= minimum && amountMinor <= maximum) return;
  const says =
    amountMinor < minimum ? `The smallest amount is ${money(minimum)}.` : `The largest amount is ${money(maximum)}.`;
  throw new Refusal('CHOSEN_AMOUNT_OUT_OF_RANGE', says, {
    field: 'chosen_amount_minor',
    minimum_minor: minimum,
    maximum_minor: maximum,
  });
}
