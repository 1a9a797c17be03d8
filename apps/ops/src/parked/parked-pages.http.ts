import { Body, Controller, Get, Param, Post, Query, Res, UseFilters } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { operatorActionsQuery, parkedQuery } from '#contracts/http.js';
import { discardBody } from '#contracts/ops.js';
import { id } from '#contracts/wire.js';
import { DeadLetters } from '#messaging/parking/dead-letters.js';
import { Operator } from '../access/operator.js';
import { ActionsStore } from '../actions/actions.store.js';
import { ProblemPageFilter } from '../pages/problem-page.filter.js';
import { sendPage } from '../pages/send-page.js';
import { DiscardParked } from './discard-parked.js';
import { FindParked } from './find-parked.js';
import { actionPage, actionsPage, listPage, messagePage, placesPage } from './parked.page.js';
import { messageParams, placeParams, places } from './places.js';
import { ReplayParked } from './replay-parked.js';

const parkedId = z.string().min(1).max(100);
const replayForm = z.union([z.strictObject({ parked_id: parkedId }), z.strictObject({ all: z.literal('true') })]);
const discardForm = z.strictObject({ parked_id: parkedId, reason: discardBody.shape.reason });
const actionParams = z.object({ id });

type ParkedQuery = z.output<typeof parkedQuery>;
type ActionsQuery = z.output<typeof operatorActionsQuery>;
type PlaceParams = z.output<typeof placeParams>;
type MessageParams = z.output<typeof messageParams>;

/** Parked messages as pages without a script. A form replays or discards, and then shows the record of actions. */
@Controller()
@UseFilters(ProblemPageFilter)
export class ParkedPagesController {
  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly findParked: FindParked,
    private readonly replayParked: ReplayParked,
    private readonly discardParked: DiscardParked,
    private readonly actions: ActionsStore,
  ) {}

  @Get('parked')
  async showPlaces(@Operator() operator: string, @Res() reply: FastifyReply) {
    const counts: { place: string; messages: number }[] = [];
    for (const place of places)
      counts.push({ place, messages: (await this.deadLetters.list(place, { limit: 0 })).total ?? 0 });
    sendPage(reply, placesPage(counts, operator));
  }

  @Get('parked/:place')
  async showList(
    @Param({ schema: placeParams }) { place }: PlaceParams,
    @Query({ schema: parkedQuery }) paging: ParkedQuery,
    @Operator() operator: string,
    @Res() reply: FastifyReply,
  ) {
    sendPage(reply, listPage(place, await this.deadLetters.list(place, paging), operator));
  }

  @Get('parked/:place/:parked_id')
  async showMessage(
    @Param({ schema: messageParams }) { place, parked_id }: MessageParams,
    @Operator() operator: string,
    @Res() reply: FastifyReply,
  ) {
    const [message] = await this.findParked.execute(place, [parked_id]);
    sendPage(reply, messagePage(place, message!, operator));
  }

  @Post('parked/:place/replay')
  async replay(
    @Param({ schema: placeParams }) { place }: PlaceParams,
    @Body({ schema: replayForm }) form: z.output<typeof replayForm>,
    @Operator() operator: string,
    @Res() reply: FastifyReply,
  ) {
    await this.replayParked.execute(place, 'all' in form ? 'all' : [form.parked_id], operator);
    reply.redirect('/actions', 303);
  }

  @Post('parked/:place/discard')
  async discard(
    @Param({ schema: placeParams }) { place }: PlaceParams,
    @Body({ schema: discardForm }) { parked_id, reason }: z.output<typeof discardForm>,
    @Operator() operator: string,
    @Res() reply: FastifyReply,
  ) {
    await this.discardParked.execute(place, [parked_id], reason, operator);
    reply.redirect('/actions', 303);
  }

  @Get('actions')
  async showActions(
    @Query({ schema: operatorActionsQuery }) paging: ActionsQuery,
    @Operator() operator: string,
    @Res() reply: FastifyReply,
  ) {
    sendPage(reply, actionsPage(await this.actions.page(paging), operator));
  }

  @Get('actions/:id')
  async showAction(
    @Param({ schema: actionParams }) params: z.output<typeof actionParams>,
    @Operator() operator: string,
    @Res() reply: FastifyReply,
  ) {
    sendPage(reply, actionPage(params.id, await this.actions.messagesOf(params.id), operator));
  }
}
