import { Controller, Get, Query, Res, UseFilters } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { overview as overviewContract } from '#contracts/ops.js';
import { Operator } from '../access/operator.js';
import { ProblemPageFilter } from '../pages/problem-page.filter.js';
import { sendPage } from '../pages/send-page.js';
import { concernsOf, type Overview } from './overview.js';
import { overviewPage } from './overview.page.js';
import { ReadOverview } from './read-overview.js';

const pageChoice = z.object({ refresh: z.enum(['on', 'off']).default('on') });

@Controller()
export class OverviewController {
  constructor(private readonly readOverview: ReadOverview) {}

  @Get()
  @UseFilters(ProblemPageFilter)
  async page(
    @Query({ schema: pageChoice }) { refresh }: z.output<typeof pageChoice>,
    @Operator() operator: string,
    @Res() reply: FastifyReply,
  ) {
    sendPage(reply, overviewPage(await this.readOverview.execute(), operator, refresh === 'on'));
  }

  @Get('api/overview')
  async json(): Promise<z.input<typeof overviewContract>> {
    return toWire(await this.readOverview.execute());
  }
}

function toWire(overview: Overview): z.input<typeof overviewContract> {
  const concerns = concernsOf(overview);
  return {
    at: overview.at.toString(),
    status: concerns.length === 0 ? 'ok' : 'attention',
    concerns,
    services: [...overview.services],
    servers: [...overview.servers],
    outboxes: overview.outboxes.map(({ service, depth, ageSeconds, relaysWorking }) => ({
      service,
      depth,
      age_seconds: ageSeconds,
      relays_working: relaysWorking,
    })),
    consumers: overview.consumers.map(({ service, handled, lagP95Seconds, waiting }) => ({
      service,
      handled,
      lag_p95_seconds: lagP95Seconds,
      waiting,
    })),
    queues: [...overview.queues],
    parked: [...overview.parked],
    quarantined: overview.quarantined && {
      notifications: overview.quarantined.notifications,
      oldest_seconds: overview.quarantined.oldestSeconds,
    },
    jobs: [...overview.jobs],
  };
}
