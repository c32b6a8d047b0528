import { HttpService } from '@nestjs/axios';
import { Body, Controller, Param, Put } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { DeferredAction } from './deferred-action.dto.js';
import { RequireScope } from './scope.guard.js';

@Controller('bcws/webresources/v1.0/deferredactions')
export class DeferredActionsController {
  constructor(private readonly http: HttpService) {}

  @Put(':id')
  @RequireScope('deferred-actions:write')
  modify(@Param('id') id: string, @Body() change: DeferredAction): Observable<unknown> {
    return this.http
      .put<unknown>(`/bcws/webresources/v1.0/deferredactions/${encodeURIComponent(id)}`, change)
      .pipe(map(({ data }) => data));
  }
}
