import { berlin, given, optional, type Sample } from './sample.js';

const tiers = [
  { count: 1, amount_minor: 5_000 },
  { count: 5, amount_minor: 4_000 },
  { count: 10, amount_minor: 3_000 },
];
const expecting = (amountMinor: number) => {
  return { amount_minor: amountMinor, start_date: '2026-04-01', end_date: '2026-06-30' };
};

export const groupSample: Sample = {
  title: 'Group',
  method: 'group',
  parameters: [
    given('tiers', 'counted_prices'),
    optional('seats_max', 'integer'),
    optional('tiering', 'choice', ['all_seats', 'each_tier']),
  ],
  examples: [
    { title: 'one seat', parameters: { tiers }, ...berlin, expect: expecting(5_000) },
    { title: 'four seats', parameters: { tiers }, ...berlin, seats: 4, expect: expecting(20_000) },
    {
      title: 'five seats, all at the lower price',
      parameters: { tiers },
      ...berlin,
      seats: 5,
      expect: expecting(20_000),
    },
    {
      title: 'twelve seats, each tier at its price',
      parameters: { tiers, tiering: 'each_tier' },
      ...berlin,
      seats: 12,
      expect: expecting(4 * 5_000 + 5 * 4_000 + 3 * 3_000),
    },
  ],
};
