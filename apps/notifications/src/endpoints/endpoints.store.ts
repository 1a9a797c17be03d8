import { Injectable } from '@nestjs/common';
import { anyOf } from '#persistence/entities/any-of.js';
import { type Page, type Paging, pageOf } from '#persistence/paging.js';
import { Transactions, type Tx, type Typed } from '#persistence/transaction.js';
import type { Endpoint, EndpointStatus, SecretLife } from './domain/endpoint.js';
import { EndpointEntity, SecretEntity } from './endpoint.entity.js';

/** A secret as it is stored. */
export interface SealedSecret extends SecretLife {
  readonly id: string;
  readonly sealed: string;
}

/** Webhook endpoints and their secrets. No endpoint is ever removed. */
@Injectable()
export class EndpointsStore {
  constructor(private readonly transactions: Transactions) {}

  /** The endpoints with these ids, archived ones too. */
  async find(ids: readonly string[], on: Typed = this.transactions): Promise<Map<string, Endpoint>> {
    const found = on.kysely(EndpointEntity).selectFrom('webhook_endpoint').selectAll();
    return byId(await found.where('id', '=', anyOf(ids)).execute());
  }

  /** As `find`, with the rows locked in the order of ids until the transaction ends. */
  async lock(tx: Tx, ids: readonly string[]): Promise<Map<string, Endpoint>> {
    const found = tx.kysely(EndpointEntity).selectFrom('webhook_endpoint').selectAll();
    return byId(await found.where('id', '=', anyOf(ids)).orderBy('id').forUpdate().execute());
  }

  /** As `lock`, of those whose health an attempt changes: where one failed, or failures are to be forgotten. */
  async lockUnhealthy(tx: Tx, ids: readonly string[], failed: readonly string[]): Promise<Map<string, Endpoint>> {
    const found = tx
      .kysely(EndpointEntity)
      .selectFrom('webhook_endpoint')
      .selectAll()
      .where('id', '=', anyOf(ids))
      .where(({ eb, or }) => or([eb('id', '=', anyOf(failed)), eb('failures', '>', 0)]));
    return byId(await found.orderBy('id').forUpdate().execute());
  }

  /** The number of endpoints that are not archived. Endpoints are created one at a time. */
  async countForCreation(tx: Tx): Promise<number> {
    await tx.query(`select pg_advisory_xact_lock(hashtext('webhook_endpoint'))`);
    const [row] = await tx.query<{ count: number }>(
      `select count(*) as count from webhook_endpoint where status <> 'archived'`,
    );
    return row?.count ?? 0;
  }

  async add(tx: Tx, endpoints: readonly Endpoint[], secrets: readonly SealedSecret[]): Promise<void> {
    if (endpoints.length > 0) {
      const values = endpoints.map((endpoint) => ({ ...endpoint, eventTypes: [...endpoint.eventTypes] }));
      await tx.kysely(EndpointEntity).insertInto('webhook_endpoint').values(values).execute();
    }
    await this.addSecrets(tx, secrets);
  }

  async addSecrets(tx: Tx, secrets: readonly SealedSecret[]): Promise<void> {
    if (secrets.length === 0) return;
    await tx.kysely(SecretEntity).insertInto('webhook_secret').values(secrets).execute();
  }

  /** Updates endpoints that are locked. */
  async save(tx: Tx, endpoints: readonly Endpoint[]): Promise<void> {
    if (endpoints.length === 0) return;
    await tx.query(
      `update webhook_endpoint set url = new.url, description = new.description, event_types = new.event_types,
         status = new.status, status_reason = new.status_reason, status_changed_at = new.status_changed_at,
         failures = new.failures, failing_since = new.failing_since, not_before = new.not_before,
         version = new.version, changed_at = new.changed_at
       from json_populate_recordset(null::webhook_endpoint, $1::json) as new
       where webhook_endpoint.id = new.id`,
      [JSON.stringify(endpoints.map(rowOf))],
    );
  }

  /** Ends the secrets of an endpoint that sign now, at `end` at the latest. */
  async endSecrets(tx: Tx, endpointId: string, end: Temporal.Instant): Promise<void> {
    await tx
      .kysely(SecretEntity)
      .updateTable('webhook_secret')
      .set({ expiresAt: end })
      .where('endpointId', '=', endpointId)
      .where(({ eb, or }) => or([eb('expiresAt', 'is', null), eb('expiresAt', '>', end)]))
      .execute();
  }

  /** The secrets of endpoints that sign at `now`, the newest first. */
  secrets(
    endpointIds: readonly string[],
    now: Temporal.Instant,
    on: Typed = this.transactions,
  ): Promise<SealedSecret[]> {
    return on
      .kysely(SecretEntity)
      .selectFrom('webhook_secret')
      .selectAll()
      .where('endpointId', '=', anyOf(endpointIds))
      .where(({ eb, or }) => or([eb('expiresAt', 'is', null), eb('expiresAt', '>', now)]))
      .orderBy('createdAt', 'desc')
      .execute();
  }

  /** The secrets with these ids. */
  findSecrets(on: Typed, ids: readonly string[]): Promise<SealedSecret[]> {
    return on.kysely(SecretEntity).selectFrom('webhook_secret').selectAll().where('id', '=', anyOf(ids)).execute();
  }

  /** Newest first. */
  list(status: EndpointStatus | undefined, paging: Paging): Promise<Page<Endpoint>> {
    const all = this.transactions.kysely(EndpointEntity).selectFrom('webhook_endpoint');
    const matching = status === undefined ? all : all.where('status', '=', status);
    return pageOf(
      { matching, selected: matching.selectAll(), order: { by: ['createdAt', 'id'], direction: 'desc' } },
      paging,
    );
  }
}

function byId(endpoints: readonly Endpoint[]): Map<string, Endpoint> {
  return new Map(endpoints.map((endpoint) => [endpoint.id, endpoint]));
}

function rowOf(endpoint: Endpoint) {
  return {
    id: endpoint.id,
    url: endpoint.url,
    description: endpoint.description,
    event_types: endpoint.eventTypes,
    status: endpoint.status,
    status_reason: endpoint.statusReason,
    status_changed_at: endpoint.statusChangedAt,
    failures: endpoint.failures,
    failing_since: endpoint.failingSince,
    not_before: endpoint.notBefore,
    version: endpoint.version,
    changed_at: endpoint.changedAt,
  };
}
