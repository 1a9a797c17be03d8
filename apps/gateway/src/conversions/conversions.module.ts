import { Module } from '@nestjs/common';
import { ConversionsController } from './conversions.http.js';
import { OffersAdminController } from './offers-admin.http.js';

@Module({ controllers: [ConversionsController, OffersAdminController] })
export class ConversionsModule {}
