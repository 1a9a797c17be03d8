import { Body, Controller, Get, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { classesQuery, studentsQuery } from '#contracts/http.js';
import {
  changeClass,
  classBody,
  classChangeBody,
  createClass,
  getClass,
  listClasses,
  listStudents,
} from '#contracts/subscriptions/classes.js';
import { id } from '#contracts/wire.js';
import { Command, created } from '../edge/admission/caller.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import type { RequestCommand } from '../edge/services/request-command.js';
import { Services } from '../edge/services/services.js';

@ApiTags('Admin: classes')
@Controller('admin/classes')
export class ClassesAdminController {
  constructor(private readonly services: Services) {}

  @Post()
  @Endpoint({
    summary: 'Publish a class',
    requests: createClass,
    roles: ['admin'],
    key: 'optional',
    status: 201,
    location: '/api/admin/classes/{class_id}',
  })
  async createClass(
    @Body({ schema: classBody }) body: z.output<typeof classBody>,
    @Command() command: RequestCommand,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const made = await this.services.request(createClass, body, command);
    return created(reply, `/api/admin/classes/${made.class_id}`, made);
  }

  @Get()
  @Endpoint({ summary: 'List all classes', requests: listClasses, roles: ['admin', 'ops'] })
  listAllClasses(@Query({ schema: classesQuery }) paging: z.output<typeof classesQuery>) {
    return this.services.request(listClasses, paging);
  }

  @Get(':id')
  @Endpoint({ summary: 'Get a class, for an admin', requests: getClass, roles: ['admin', 'ops'] })
  getAnyClass(@Param('id', { schema: id }) classId: string) {
    return this.services.request(getClass, { class_id: classId });
  }

  @Patch(':id')
  @Endpoint({ summary: 'Change a class for future orders', requests: changeClass, roles: ['admin'], key: 'optional' })
  changeClass(
    @Param('id', { schema: id }) classId: string,
    @Body({ schema: classChangeBody }) body: z.output<typeof classChangeBody>,
    @Command() command: RequestCommand,
  ) {
    return this.services.request(changeClass, { ...body, class_id: classId }, command);
  }

  @Get(':id/students')
  @Endpoint({ summary: 'List the students of a class', requests: listStudents, roles: ['admin', 'ops'] })
  listStudents(
    @Param('id', { schema: id }) classId: string,
    @Query({ schema: studentsQuery }) paging: z.output<typeof studentsQuery>,
  ) {
    return this.services.request(listStudents, { class_id: classId, ...paging });
  }
}
