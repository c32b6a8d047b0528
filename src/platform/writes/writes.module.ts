import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { WriteLedger } from './write-ledger.js';
import { WritePath } from './write-path.js';
import { WritesController } from './writes.controller.js';

/** The way every write goes, and how it stands. */
@Module({
  imports: [AuditModule],
  controllers: [WritesController],
  providers: [WritePath, WriteLedger],
  exports: [WritePath],
})
export class WritesModule {}
