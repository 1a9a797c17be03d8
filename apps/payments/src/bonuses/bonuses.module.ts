import { Module } from '@nestjs/common';
import { BonusesConsumer } from './bonuses.consumer.js';
import { GrantBonuses } from './grant-bonuses.js';
import { ReverseBonuses } from './reverse-bonuses.js';

/** Bonuses of promotions, granted and reversed. */
@Module({
  controllers: [BonusesConsumer],
  providers: [GrantBonuses, ReverseBonuses],
})
export class BonusesModule {}
