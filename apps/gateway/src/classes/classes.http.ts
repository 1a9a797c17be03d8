import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { getClass, listClasses, quoteClass } from '#contracts/classes.js';
import { pageQuery } from '#contracts/http.js';
import { id } from '#contracts/wire.js';
import { Endpoint } from '../edge/endpoint.js';
import { Services } from '../edge/services.js';

@ApiTags('Classes')
@Controller('classes')
export class ClassesController {
  constructor(private readonly services: Services) {}

  @Get()
  @Endpoint({ summary: 'The classes on offer', sends: listClasses, roles: ['member', 'publisher', 'admin', 'ops'] })
  listClasses(@Query({ schema: pageQuery }) paging: z.output<typeof pageQuery>) {
    return this.services.request(listClasses, paging);
  }

  @Get(':id')
  @Endpoint({ summary: 'A class', sends: getClass, roles: ['member', 'publisher', 'admin', 'ops'] })
  getClass(@Param('id', { schema: id }) classId: string) {
    return this.services.request(getClass, { class_id: classId });
  }

  @Post(':id/quote')
  @Endpoint({
    summary: 'What an order of this class would cost now',
    sends: quoteClass,
    roles: ['member', 'publisher', 'admin', 'ops'],
    posted: true,
  })
  quoteClass(@Param('id', { schema: id }) classId: string) {
    return this.services.request(quoteClass, { class_id: classId });
  }
}
