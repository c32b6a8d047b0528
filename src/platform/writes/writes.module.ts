import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { WritePath } from './write-path.js';

/** The way every write goes. */
@Module({ imports: [AuditModule], providers: [WritePath], exports: [WritePath] })
export class WritesModule {}
