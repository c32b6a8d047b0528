import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ReadBacks } from './read-back.js';
import { Reconciler } from './reconciler.js';
import { WritePath } from './write-path.js';

/** The way every write goes, and how those are found out that got lost on it. */
@Module({
  imports: [AuditModule],
  providers: [WritePath, ReadBacks, Reconciler],
  exports: [WritePath, ReadBacks, AuditModule],
})
export class WritesModule {}
