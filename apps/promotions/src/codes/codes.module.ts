import { Module } from '@nestjs/common';
import { ChangeCode } from './change-code.js';
import { ChangeCodeStatus } from './change-code-status.js';
import { CodesConsumer } from './codes.consumer.js';
import { CodesStore } from './codes.store.js';
import { CreateCode } from './create-code.js';
import { ReadCodes } from './read-codes.js';

/** Promo codes as admins manage them: create, change, activate, pause, archive, read. */
@Module({
  controllers: [CodesConsumer],
  providers: [CodesStore, CreateCode, ChangeCode, ChangeCodeStatus, ReadCodes],
  exports: [CodesStore],
})
export class CodesModule {}
