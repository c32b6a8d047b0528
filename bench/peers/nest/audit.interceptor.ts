import {
  Injectable,
  Logger,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { tap, type Observable } from 'rxjs';
import type { AuthenticatedRequest } from './jwt.js';

/** One line for every call: who did what, and how it ended. */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  private readonly logger = new Logger('audit');

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { method, url, user } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const begun = performance.now();
    const record = (outcome: string): void => {
      this.logger.log({ subject: user.subject, method, url, outcome, ms: performance.now() - begun });
    };
    return next.handle().pipe(
      tap({
        next: () => {
          record('applied');
        },
        error: (error: unknown) => {
          record(String(error));
        },
      }),
    );
  }
}
