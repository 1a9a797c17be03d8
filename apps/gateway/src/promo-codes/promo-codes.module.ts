import { Module } from '@nestjs/common';
import { CodeAttempts } from './code-attempts.js';
import { CodeBatchesController } from './code-batches.http.js';
import { HeldCodesController } from './held-codes.http.js';
import { PromoCodesAdminController } from './promo-codes-admin.http.js';
import { PublisherCodesController } from './publisher-codes.http.js';
import { ValidatePromoCodesController } from './validate-promo-codes.http.js';

@Module({
  controllers: [
    ValidatePromoCodesController,
    HeldCodesController,
    PromoCodesAdminController,
    CodeBatchesController,
    PublisherCodesController,
  ],
  providers: [CodeAttempts],
  exports: [CodeAttempts],
})
export class PromoCodesModule {}
