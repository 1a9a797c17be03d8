import type { Feature } from '#jobs/feature.js';
import { BonusesConsumer } from './bonuses.consumer.js';
import { GrantBonuses } from './grant-bonuses.js';
import { ReverseBonuses } from './reverse-bonuses.js';

export const bonuses: Feature = {
  controllers: [BonusesConsumer],
  providers: [GrantBonuses, ReverseBonuses],
};
