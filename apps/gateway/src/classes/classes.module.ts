import { Module } from '@nestjs/common';
import { PromoCodesModule } from '../promo-codes/promo-codes.module.js';
import { ClassesController } from './classes.http.js';
import { ClassesAdminController } from './classes-admin.http.js';

/** Quotes with promo codes count against the limits of guessing, which promo codes exports. */
@Module({ imports: [PromoCodesModule], controllers: [ClassesController, ClassesAdminController] })
export class ClassesModule {}
