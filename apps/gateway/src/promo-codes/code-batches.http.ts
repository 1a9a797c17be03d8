import { Readable } from 'node:stream';
import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import {
  addImportRows,
  beginCodeImport,
  generateCodes,
  generateCodesBody,
  getCodeBatch,
  runCodeImport,
} from '#contracts/promo-code-batches.js';
import { codeColumns, rowOfCode } from '#contracts/promo-code-csv.js';
import { exportPromoCodes, promoCodeFilter } from '#contracts/promo-codes.js';
import { id } from '#contracts/wire.js';
import type { Identity } from '#identity/verify-token.js';
import { assert } from '#kernel/assert.js';
import { idFrom } from '#kernel/ids.js';
import { Caller, CommandId, created } from '../edge/caller.js';
import { csvFile } from '../edge/csv-files.js';
import { Endpoint } from '../edge/endpoint.js';
import { Services } from '../edge/services.js';
import { noCsv, portionsOf } from './codes-csv.js';

/** Codes that are asked for at once for a file. */
const pieceSize = 1_000;

/** Codes by the thousand: made by a pattern, brought and taken away as CSV. */
@ApiTags('Admin: promo codes')
@Controller('admin/promo-codes')
export class CodeBatchesController {
  constructor(private readonly services: Services) {}

  @Post('generate')
  @Endpoint({
    summary: 'Make many promo codes by a pattern',
    sends: generateCodes,
    roles: ['admin'],
    key: 'optional',
    status: 201,
    location: '/api/admin/promo-codes/batches/{batch_id}',
  })
  async generateCodes(
    @Body({ schema: generateCodesBody }) body: z.output<typeof generateCodesBody>,
    @Caller() { subject }: Identity,
    @CommandId() commandId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const batch = await this.services.request(generateCodes, { ...body, created_by: subject }, commandId);
    return created(reply, `/api/admin/promo-codes/batches/${batch.batch_id}`, batch);
  }

  @Get('batches/:id')
  @Endpoint({ summary: 'How far a generation or import is', sends: getCodeBatch, roles: ['admin', 'ops'] })
  getCodeBatch(@Param('id', { schema: id }) batchId: string) {
    return this.services.request(getCodeBatch, { batch_id: batchId });
  }

  @Post('import')
  @ApiBody({ schema: { type: 'string' }, description: 'The columns of an export, in any order, or some of them.' })
  @Endpoint({
    summary: 'Make promo codes from a CSV file',
    sends: [runCodeImport, beginCodeImport, addImportRows],
    roles: ['admin'],
    key: 'optional',
    status: 201,
    location: '/api/admin/promo-codes/batches/{batch_id}',
    takesCsv: true,
  })
  async importCodes(
    @Req() { body: file }: FastifyRequest,
    @Caller() { subject }: Identity,
    @CommandId() commandId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    assert(file instanceof Readable, 'the body of this route is left unread');
    const received = await this.receive(file, subject, commandId).finally(() => file.resume());
    const batch = await this.services.request(runCodeImport, received, idFrom(commandId, 'run'));
    return created(reply, `/api/admin/promo-codes/batches/${batch.batch_id}`, batch);
  }

  @Get('export')
  @Endpoint({ summary: 'Promo codes as a CSV file', sends: exportPromoCodes, roles: ['admin', 'ops'], csv: true })
  exportCodes(@Query({ schema: promoCodeFilter }) filter: z.output<typeof promoCodeFilter>) {
    return csvFile('promo-codes.csv', codeColumns, async (after: string | null) => {
      const { items, next } = await this.services.request(exportPromoCodes, { ...filter, after, limit: pieceSize });
      return { rows: items.map(rowOfCode), next };
    });
  }

  /**
   * Hands the rows on while they come in. Each portion is a command of its own that follows from the request's, so a
   * repeat of the request with the same key finds all that arrived the first time. What breaks off makes no codes.
   */
  private async receive(file: Readable, subject: string, commandId: string) {
    let batchId: string | undefined;
    let received = 0;
    for await (const { firstRow, rows } of portionsOf(file)) {
      batchId ??= (await this.services.request(beginCodeImport, { created_by: subject }, commandId)).batch_id;
      const portion = { batch_id: batchId, first_row: firstRow, rows: [...rows] };
      await this.services.request(addImportRows, portion, idFrom(commandId, 'rows', String(firstRow)));
      received += rows.length;
    }
    if (batchId === undefined) throw noCsv('There are no rows.');
    return { batch_id: batchId, rows: received };
  }
}
