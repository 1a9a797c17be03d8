import { Module } from '@nestjs/common';
import { QueuesModule } from '../queues/queues.module.js';
import { OverviewController } from './overview.http.js';
import { ReadOverview } from './read-overview.js';
import { ReadServers } from './read-servers.js';

/** The health of services and servers, as a page and as JSON. */
@Module({ imports: [QueuesModule], controllers: [OverviewController], providers: [ReadOverview, ReadServers] })
export class OverviewModule {}
