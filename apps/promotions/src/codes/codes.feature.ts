import type { Feature } from '#jobs/feature.js';
import { ChangeCode } from './change-code.js';
import { ChangeCodeStatus } from './change-code-status.js';
import { CodesConsumer } from './codes.consumer.js';
import { CodesStore } from './codes.store.js';
import { CreateCode } from './create-code.js';
import { ReadCodes } from './read-codes.js';

export const codes: Feature = {
  controllers: [CodesConsumer],
  providers: [CodesStore, CreateCode, ChangeCode, ChangeCodeStatus, ReadCodes],
};
