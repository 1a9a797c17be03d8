import { Module } from '@nestjs/common';
import { ActionsModule } from '../actions/actions.module.js';
import { DiscardParked } from './discard-parked.js';
import { FindParked } from './find-parked.js';
import { ParkedController } from './parked.http.js';
import { ParkedPagesController } from './parked-pages.http.js';
import { ReplayParked } from './replay-parked.js';

/** Parked messages: listing, replaying, discarding; with the pages of the operators' actions. */
@Module({
  imports: [ActionsModule],
  controllers: [ParkedController, ParkedPagesController],
  providers: [FindParked, ReplayParked, DiscardParked],
})
export class ParkedModule {}
