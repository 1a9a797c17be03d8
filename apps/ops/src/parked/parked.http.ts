import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import { operatorActionsQuery, parkedQuery } from '#contracts/http.js';
import {
  discardBody,
  type operatorActionPage,
  type parkedMessage,
  type parkedPage,
  replayBody,
} from '#contracts/ops.js';
import { DeadLetters } from '#messaging/parking/dead-letters.js';
import { mapPage } from '#persistence/paging.js';
import { Operator } from '../access/operator.js';
import { ActionsStore } from '../actions/actions.store.js';
import { DiscardParked } from './discard-parked.js';
import { FindParked } from './find-parked.js';
import { messageParams, placeParams } from './places.js';
import { ReplayParked } from './replay-parked.js';
import { toOperatorAction, toParkedMessage } from './wire.js';

type ParkedQuery = z.output<typeof parkedQuery>;
type ActionsQuery = z.output<typeof operatorActionsQuery>;
type PlaceParams = z.output<typeof placeParams>;
type MessageParams = z.output<typeof messageParams>;

/** Parked messages as JSON; `parked-pages.http.ts` has the same as pages. */
@Controller('api')
export class ParkedController {
  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly findParked: FindParked,
    private readonly replayParked: ReplayParked,
    private readonly discardParked: DiscardParked,
    private readonly actions: ActionsStore,
  ) {}

  @Get('parked/:place')
  async list(
    @Param({ schema: placeParams }) { place }: PlaceParams,
    @Query({ schema: parkedQuery }) paging: ParkedQuery,
  ): Promise<z.input<typeof parkedPage>> {
    return mapPage(await this.deadLetters.list(place, paging), toParkedMessage);
  }

  @Get('parked/:place/:parked_id')
  async read(@Param({ schema: messageParams }) params: MessageParams): Promise<z.input<typeof parkedMessage>> {
    const [message] = await this.findParked.execute(params.place, [params.parked_id]);
    return toParkedMessage(message!);
  }

  @Post('parked/:place/replay')
  @HttpCode(200)
  async replay(
    @Param({ schema: placeParams }) { place }: PlaceParams,
    @Body({ schema: replayBody }) body: z.output<typeof replayBody>,
    @Operator() operator: string,
  ) {
    const which = 'all' in body ? 'all' : body.parked_ids;
    const replayed = await this.replayParked.execute(place, which, operator);
    return { replayed: replayed.length };
  }

  @Post('parked/:place/discard')
  @HttpCode(200)
  async discard(
    @Param({ schema: placeParams }) { place }: PlaceParams,
    @Body({ schema: discardBody }) body: z.output<typeof discardBody>,
    @Operator() operator: string,
  ) {
    const discarded = await this.discardParked.execute(place, body.parked_ids, body.reason, operator);
    return { discarded: discarded.length };
  }

  @Get('actions')
  async listActions(
    @Query({ schema: operatorActionsQuery }) paging: ActionsQuery,
  ): Promise<z.input<typeof operatorActionPage>> {
    return mapPage(await this.actions.page(paging), toOperatorAction);
  }
}
