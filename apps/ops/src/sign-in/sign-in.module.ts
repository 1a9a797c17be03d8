import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { SignInController } from './sign-in.http.js';

/** The sign-in page, and the style sheet of all pages. */
@Module({ imports: [AccessModule], controllers: [SignInController] })
export class SignInModule {}
