import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Redis } from 'ioredis';
import { exportJWK, type GenerateKeyPairResult, generateKeyPair, SignJWT } from 'jose';
import type { z } from 'zod';
import { events } from '#contracts/catalogue.js';
import type { EventContract, RequestContract } from '#contracts/contract.js';
import { OperationsServer } from '#http/operations-server.js';
import { contentHash, newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { requestQueue, serviceQueue } from '#messaging/connection/topology.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { readGatewayConfig } from '../../../apps/gateway/src/gateway.config.js';
import { createGateway } from '../../../apps/gateway/src/gateway.http.js';
import { eventually } from '../eventually.js';
import { testBrokerUrl } from '../servers/test-broker.js';
import { testRedisUrl } from '../servers/test-redis.js';
import { ApiClient } from '../stack/api-client.js';
import { BrokerProbe } from '../stack/broker-probe.js';
import { pretendService } from './stub-service.js';

const issuer = 'https://issuer.test';
const audience = 'matricula';

/** The services that the gateway asks. */
const answering = ['subscriptions', 'payments', 'promotions', 'notifications'] as const;
type Answering = (typeof answering)[number];

type Answers = (request: unknown, command: Command) => unknown | Promise<unknown>;

export interface Claims {
  readonly role: string | readonly string[];
  readonly sub?: string;
  readonly iss?: string;
  readonly aud?: string;
  readonly expiresIn?: string;
  /** Claims beside these. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Gateways as they are, on real RabbitMQ and Redis, before services that say what a test lets them say. */
export class GatewayEnvironment {
  private readonly answers = new Map<string, Answers>();
  private readonly commands = new Map<string, { hash: string; reply: Reply<unknown>; at: Temporal.Instant }>();
  private readonly gateways: NestFastifyApplication[] = [];
  private readonly operations = new Map<string, string>();
  private readonly responders = new Map<string, INestApplication>();
  /** Every command that was carried out, not its repeats. */
  readonly done: Command[] = [];

  private constructor(
    private readonly folder: string,
    private readonly keys: GenerateKeyPairResult,
    private readonly strangersKeys: GenerateKeyPairResult,
    private readonly brokerProbe: BrokerProbe,
  ) {}

  static async create(): Promise<GatewayEnvironment> {
    const folder = await mkdtemp(join(tmpdir(), 'gateway-'));
    const keys = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'test', alg: 'ES256' };
    await writeFile(join(folder, 'jwks.json'), JSON.stringify({ keys: [jwk] }));
    const brokerProbe = await BrokerProbe.arrive(() => Temporal.Now.instant());
    const environment = new GatewayEnvironment(folder, keys, await generateKeyPair('ES256'), brokerProbe);
    for (const service of answering) await environment.startService(service);
    return environment;
  }

  /** A gateway on a port of its own that says it is ready, and its address. */
  async gateway(environment: NodeJS.ProcessEnv = {}): Promise<string> {
    const url = await this.startGateway(environment);
    await eventually(async () => (await fetch(`${this.operationsUrlOf(url)}/health/ready`)).status === 200);
    return url;
  }

  /** A gateway that listens, whether or not it can reach its servers. */
  async startGateway(environment: NodeJS.ProcessEnv = {}): Promise<string> {
    const app = await createGateway(
      readGatewayConfig({
        NODE_ENV: 'test',
        LOG_LEVEL: process.env.TEST_LOG ? 'debug' : 'silent',
        GATEWAY_PORT: '0',
        AMQP_URL: testBrokerUrl(),
        REDIS_URL: testRedisUrl(),
        AUTH_ISSUER: issuer,
        AUTH_AUDIENCE: audience,
        AUTH_JWKS: pathToFileURL(join(this.folder, 'jwks.json')).href,
        ...environment,
      }),
    );
    this.gateways.push(app);
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    const operations = app.get(OperationsServer, { strict: false });
    this.operations.set(url, await operations.listen({ host: '127.0.0.1', port: 0 }));
    return url;
  }

  /** Where health and metrics of the gateway at `url` are. */
  operationsUrlOf(url: string): string {
    return this.operations.get(url) as string;
  }

  async client(url: string, claims: Claims): Promise<ApiClient> {
    return new ApiClient(url, await this.token(claims));
  }

  /** A token of our issuer, or with `forged` one that a stranger signed in its name. */
  token({ role, sub = newId(), iss = issuer, aud = audience, expiresIn = '1h', more }: Claims, forged = false) {
    return new SignJWT({ role, ...more })
      .setProtectedHeader({ alg: 'ES256', kid: 'test' })
      .setSubject(sub)
      .setIssuer(iss)
      .setAudience(aud)
      .setIssuedAt()
      .setExpirationTime(expiresIn)
      .sign(forged ? this.strangersKeys.privateKey : this.keys.privateKey);
  }

  /** What a service says to `contract` from now on; a Refusal thrown is its answer. */
  on<Request extends z.ZodType, Response extends z.ZodType>(
    contract: RequestContract<Request, Response>,
    answer: (request: z.output<Request>, command: Command) => z.input<Response> | Promise<z.input<Response>>,
  ): void {
    this.answers.set(contract.type, answer as Answers);
  }

  publish(contract: EventContract, subject: string, data: unknown = {}): Promise<void> {
    return this.brokerProbe.publish(contract, subject, data);
  }

  async startService(service: Answering): Promise<void> {
    const app = await pretendService(service, (contract, command) => this.reply(contract, command));
    this.responders.set(service, app);
  }

  /** Nobody answers for the service any more; its queue is gone with its last instance. */
  async stopService(service: Answering): Promise<void> {
    await this.responders.get(service)?.close();
    this.responders.delete(service);
    await this.brokerProbe.channel.deleteQueue(requestQueue(service));
  }

  /** Each test begins with no counters, no marks, no answers and no memory of commands. */
  async reset(): Promise<void> {
    this.answers.clear();
    this.commands.clear();
    this.done.length = 0;
    const redis = new Redis(testRedisUrl());
    await redis.flushdb();
    redis.disconnect();
  }

  async close(): Promise<void> {
    for (const app of this.gateways) await app.close();
    for (const service of [...this.responders.keys()]) await this.stopService(service as Answering);
    // What was published here was consumed by nobody; the next suite on this broker must not receive it either.
    for (const service of new Set(events.flatMap(({ consumers }) => consumers))) {
      await this.brokerProbe.channel.purgeQueue(serviceQueue(service));
    }
    await this.brokerProbe.leave();
    await rm(this.folder, { recursive: true });
  }

  /** As a service does: the first answer to a command is the answer to its repeats, and the database lets one in. */
  private async reply(contract: RequestContract, command: Command): Promise<Reply<unknown>> {
    if (contract.kind === 'query') return this.decide(contract, command);
    const hash = contentHash([command.type, command.data]).toString('hex');
    const known = this.commands.get(command.id);
    if (known && known.hash !== hash) {
      return { refusal: new Refusal('IDEMPOTENCY_KEY_REUSED', 'This key was used before, with another request.') };
    }
    if (known && !(command.data as { sender_repeats?: boolean }).sender_repeats) {
      return { ...known.reply, firstAnsweredAt: known.at };
    }
    const reply = await this.decide(contract, command);
    this.commands.set(command.id, { hash, reply, at: Temporal.Now.instant() });
    this.done.push(command);
    return reply;
  }

  private async decide({ type }: RequestContract, command: Command): Promise<Reply<unknown>> {
    const answer = this.answers.get(type);
    if (!answer) throw new Error(`the test has no answer to ${type}`);
    try {
      return { answer: await answer(command.data, command) };
    } catch (error) {
      if (error instanceof Refusal) return { refusal: error };
      throw error;
    }
  }
}
