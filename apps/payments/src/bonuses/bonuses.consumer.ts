import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { bonusEarned, bonusReversed } from '#contracts/promotions/conversions.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { batchOf } from '#messaging/nest/batch-of.js';
import { GrantBonuses } from './grant-bonuses.js';
import { ReverseBonuses } from './reverse-bonuses.js';

/** What promotions gives to persons, and takes back. */
@Controller()
export class BonusesConsumer {
  constructor(
    private readonly grantBonuses: GrantBonuses,
    private readonly reverseBonuses: ReverseBonuses,
  ) {}

  @EventPattern<string>(bonusEarned.type)
  onBonusEarned(@Payload(batchOf(bonusEarned)) batch: EnvelopeOf<typeof bonusEarned>[]): Promise<void> {
    return this.grantBonuses.execute(batch);
  }

  @EventPattern<string>(bonusReversed.type)
  onBonusReversed(@Payload(batchOf(bonusReversed)) batch: EnvelopeOf<typeof bonusReversed>[]): Promise<void> {
    return this.reverseBonuses.execute(batch);
  }
}
