import { Controller, type INestApplication } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { requests } from '#contracts/catalogue.js';
import type { RequestContract, Service } from '#contracts/contract.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { batchOf } from '#messaging/nest/batch-of.js';
import { MessagingModule } from '#messaging/nest/messaging.module.js';
import { listenForMessages } from '#messaging/nest/rabbit-server.js';
import { testBrokerUrl } from '../servers/test-broker.js';

/** What a pretended service says to a request. */
export type Say = (contract: RequestContract, command: Command) => Promise<Reply<unknown>>;

/** Stands on the broker where a service would, and answers all of its requests. */
export async function pretendService(service: Service, say: Say): Promise<INestApplication> {
  const module = await Test.createTestingModule({
    imports: [MessagingModule.forService({ service, amqpUrl: testBrokerUrl() })],
    controllers: [responder(service, say)],
  }).compile();
  const app = module.createNestApplication(new FastifyAdapter(), { logger: false });
  await listenForMessages(app);
  return app;
}

/** A controller that handles every request of `service`. */
function responder(service: Service, say: Say) {
  class Responder {
    [method: string]: unknown;
  }
  for (const contract of requests.filter((request) => request.service === service)) {
    const method = { value: (batch: Command[]) => Promise.all(batch.map((command) => say(contract, command))) };
    Object.defineProperty(Responder.prototype, contract.type, method);
    Payload(batchOf(contract) as never)(Responder.prototype, contract.type, 0);
    MessagePattern<string>(contract.type)(Responder.prototype, contract.type, method);
  }
  Controller()(Responder);
  return Responder;
}
