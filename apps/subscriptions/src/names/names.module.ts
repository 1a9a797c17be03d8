import { Module } from '@nestjs/common';
import { NamesConsumer } from './names.consumer.js';
import { ReadNames } from './read-names.js';

/** What people call persons and classes, for lists that have their ids. */
@Module({ controllers: [NamesConsumer], providers: [ReadNames] })
export class NamesModule {}
