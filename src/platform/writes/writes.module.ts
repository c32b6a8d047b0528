import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ReadBacks } from './read-back.js';
import { Reconciler } from './reconciler.js';
import { WriteLedger } from './write-ledger.js';
import { WritePath } from './write-path.js';
import { WritesController } from './writes.controller.js';

/** The way every write goes, how it stands, and how those are found out that got lost on it. */
@Module({
  imports: [AuditModule],
  controllers: [WritesController],
  providers: [WritePath, WriteLedger, ReadBacks, Reconciler],
  exports: [WritePath, ReadBacks, AuditModule],
})
export class WritesModule {}
