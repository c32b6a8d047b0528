import { HttpService } from '@nestjs/axios';
import axios, { type AxiosRequestConfig, type AxiosResponse } from 'axios';
import { defer, type Observable } from 'rxjs';
import type { Transport } from './undici-transport.js';

/**
 * Nest's HTTP service over one transport. `request` goes there directly: what axios does on the way to it
 * (merging defaults, headers, interceptors) takes longer than the sending. The other verbs go through axios,
 * with everything switched off that would change a request or judge a reply.
 */
export class UpstreamHttp extends HttpService {
  constructor(private readonly carry: Transport) {
    super(
      axios.create({
        adapter: carry,
        transformRequest: [(data: unknown) => data],
        transformResponse: [(data: unknown) => data],
        validateStatus: null,
      }),
    );
  }

  override request<Body>(request: AxiosRequestConfig): Observable<AxiosResponse<Body>> {
    return defer(() => this.carry(request) as Promise<AxiosResponse<Body>>);
  }
}
