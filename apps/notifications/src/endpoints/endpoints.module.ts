import { Module } from '@nestjs/common';
import { DeliveriesModule } from '../deliveries/deliveries.module.js';
import { SecretSeal } from '../secrets/secret-seal.js';
import { AlterEndpoints } from './alter-endpoints.js';
import { ArchiveEndpoint } from './archive-endpoint.js';
import { ChangeEndpoint } from './change-endpoint.js';
import { CreateEndpoint, DraftEndpoints } from './create-endpoint.js';
import { EndpointReadsConsumer } from './endpoint-reads.consumer.js';
import { EndpointsConsumer } from './endpoints.consumer.js';
import { EndpointsStore } from './endpoints.store.js';
import { PauseEndpoint } from './pause-endpoint.js';
import { ReadEndpoints } from './read-endpoints.js';
import { ResumeEndpoint } from './resume-endpoint.js';
import { RotateSecret } from './rotate-secret.js';

import { ShowSecrets } from './show-secrets.js';

/** Where outside systems get events, and what their deliveries are signed with. */
@Module({
  imports: [DeliveriesModule],
  controllers: [EndpointsConsumer, EndpointReadsConsumer],
  providers: [
    EndpointsStore,
    SecretSeal,
    ShowSecrets,
    AlterEndpoints,
    DraftEndpoints,
    CreateEndpoint,
    ChangeEndpoint,
    PauseEndpoint,
    ResumeEndpoint,
    ArchiveEndpoint,
    RotateSecret,
    ReadEndpoints,
  ],
  exports: [EndpointsStore, SecretSeal],
})
export class EndpointsModule {}
