import { Module } from '@nestjs/common';
import { ClassesController } from './classes.http.js';
import { ClassesAdminController } from './classes-admin.http.js';

@Module({ controllers: [ClassesController, ClassesAdminController] })
export class ClassesModule {}
