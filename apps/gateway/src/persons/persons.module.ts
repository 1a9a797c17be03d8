import { Module } from '@nestjs/common';
import { AccountsController } from './accounts.http.js';
import { PersonsController } from './persons.http.js';
import { PersonsAdminController } from './persons-admin.http.js';

@Module({ controllers: [PersonsController, PersonsAdminController, AccountsController] })
export class PersonsModule {}
