import { Module } from '@nestjs/common';
import { AccountsController } from './accounts.http.js';
import { MemberEmails } from './member-emails.js';
import { PersonsController } from './persons.http.js';
import { PersonsAdminController } from './persons-admin.http.js';

@Module({
  providers: [MemberEmails],
  controllers: [PersonsController, PersonsAdminController, AccountsController],
})
export class PersonsModule {}
