import { Module } from '@nestjs/common';
import { AccountsController } from './accounts.http.js';
import { PersonsController } from './persons.http.js';

@Module({ controllers: [PersonsController, AccountsController] })
export class PersonsModule {}
