import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defineEntity, MikroORM, p } from '@mikro-orm/postgresql';
import { eventually } from '../../../../test/support/eventually.js';
import { type TestDatabase, testDatabase } from '../../../../test/support/servers/test-database.js';
import { ormOptions } from '../database.js';
import { databaseFault } from '../faults.js';
import { Transactions } from '../transaction.js';
import { column } from './columns.js';

const RoomEntity = defineEntity({
  name: 'Room',
  tableName: 'rooms',
  properties: { id: p.integer().primary(), fullName: p.text() },
});

const BookingEntity = defineEntity({
  name: 'Booking',
  tableName: 'bookings',
  properties: {
    id: column.identity().primary(),
    roomId: p.manyToOne(RoomEntity).mapToPk().fieldName('room_id'),
    startsAt: column.instant(),
    onDay: column.day().nullable(),
    priceMinor: column.bigint(),
    guests: column.jsonb<readonly string[]>(),
    tags: column.texts().defaultRaw(`'{}'`),
    photo: column.bytes().nullable(),
  },
});

const startsAt = Temporal.Instant.from('2026-03-29T01:30:00.123456Z');
const booking = {
  roomId: 1,
  startsAt,
  onDay: Temporal.PlainDate.from('2026-03-29'),
  priceMinor: 9_000_000_000_000,
  guests: ['Ada', 'Grace'],
  tags: ['quiet', 'with, comma'],
  photo: Buffer.from([0, 255]),
};

describe('typed queries on entities', () => {
  let database: TestDatabase;
  let orm: MikroORM;
  let transactions: Transactions;

  beforeAll(async () => {
    database = await testDatabase();
    orm = await MikroORM.init(
      ormOptions({ url: database.url, entities: [RoomEntity, BookingEntity], migrations: [], poolMax: 2 }),
    );
    await orm.schema.create();
    transactions = new Transactions(orm);
    await transactions.kysely(RoomEntity).insertInto('rooms').values({ id: 1, fullName: 'Blue room' }).execute();
  });

  afterAll(async () => {
    await orm.close(true);
    await database.drop();
  });

  it('name columns as the entity does, and give values back as they were stored', async () => {
    const stored = await transactions.run((tx) =>
      tx.kysely(BookingEntity).insertInto('bookings').values(booking).returningAll().executeTakeFirstOrThrow(),
    );
    expect(stored).toEqual({ id: expect.any(Number), ...booking });
    const found = await transactions
      .kysely(BookingEntity, RoomEntity)
      .selectFrom('bookings')
      .innerJoin('rooms', 'rooms.id', 'bookings.roomId')
      .select(['bookings.id', 'rooms.fullName', 'bookings.startsAt', 'bookings.guests'])
      .where('bookings.startsAt', '>=', startsAt)
      .where('bookings.id', '=', stored.id)
      .execute();
    expect(found).toEqual([{ id: stored.id, fullName: 'Blue room', startsAt, guests: booking.guests }]);
  });

  it('see the rows of their own transaction, which vanish with it', async () => {
    const failed = transactions.run(async (tx) => {
      await tx.query(`insert into rooms values (2, 'Red room')`);
      const rooms = tx.kysely(RoomEntity);
      await rooms.updateTable('rooms').set({ fullName: 'Green room' }).where('id', '=', 2).execute();
      expect(await tx.query('select full_name from rooms where id = 2')).toEqual([{ full_name: 'Green room' }]);
      throw new Error('undo');
    });
    await expect(failed).rejects.toThrow('undo');
    const rooms = await transactions.kysely(RoomEntity).selectFrom('rooms').select('id').where('id', '=', 2).execute();
    expect(rooms).toEqual([]);
  });

  it('close a connection that broke, and go on with another', async () => {
    for (let broken = 0; broken < 3; broken += 1) {
      const cut = transactions
        .kysely(RoomEntity)
        .selectFrom('rooms')
        .select(({ fn }) => fn<boolean>('pg_terminate_backend', [fn<number>('pg_backend_pid')]).as('cut'))
        .execute();
      expect(databaseFault(await cut.catch((error: unknown) => error))).toBe('away');
    }
    await eventually(async () => {
      await Promise.all([1, 2].map(() => transactions.query('select pg_sleep(0.1)')));
    });
  });
});
