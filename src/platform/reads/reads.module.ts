import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ReadPath } from './read-path.js';

/** How business data is read for a client. */
@Module({ imports: [AuditModule], providers: [ReadPath], exports: [ReadPath] })
export class ReadsModule {}
