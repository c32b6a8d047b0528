import { Gateway } from './gateway.js';
import { ScriptedUpstream } from './scripted-upstream.js';
import { AUDIENCE, TokenIssuer } from './token-issuer.js';

export const HANDOFF_PATH = handoffPath('HO123');
export const ACTION_ID = '0.0.0.1+-schedule+255194';
export const ACTION_PATH = `/bcws/webresources/v1.0/deferredactions/${ACTION_ID}`;

/** Path of the status update of a handoff. */
export function handoffPath(reference: string): string {
  return `/clmo-handoff-services/service/v1/externalHandoff/${reference}/updatestatus`;
}

/** Path of one of many deferred actions. */
export function actionPath(number: number): string {
  return `/bcws/webresources/v1.0/deferredactions/0.0.0.1+-schedule+${number}`;
}

/** What the billing system answers to the documented example. */
export const DOCUMENTED_REPLY = {
  extension: null,
  actionId: { id: '0.0.0.1+-schedule+279774', uri: null },
  actionName: null,
  serviceId: null,
  serviceType: null,
  scheduledDate: 1613241000000,
  serviceLogin: null,
  description: null,
  isCollectionsAction: null,
  actionStatus: 0,
};

/** What the lending system answers to an update that it made (fixture F1). */
export const UPDATED_HANDOFF = {
  data: {},
  messages: {
    keyId: 'HO123',
    status: 'SUCCESS',
    codes: [
      {
        arg: null,
        Code: 'XXX-MOD-001',
        Desc: 'Record Successfully Modified',
        Type: 'I',
        Language: 'ENG',
        error: false,
      },
    ],
    requestId: 'r1',
    httpStatusCode: 'OK',
    overrideAuthLevelsReqd: null,
  },
};

export function aHandoffUpdate(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { handoffRefNumber: 'HO123', handoffStatus: 'SUCCESS', handoffExtRefNo: 'EXT-9', ...changes };
}

export interface Call {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly method?: string;
  /** Sent instead of a valid token; null sends none. */
  readonly token?: string | null;
}

/** A gateway between two scripted upstreams and an issuer, all over real sockets. */
export class Landscape {
  private constructor(
    readonly gateway: Gateway,
    readonly lending: ScriptedUpstream,
    readonly billing: ScriptedUpstream,
    readonly issuer: TokenIssuer,
    private readonly settings: Record<string, string>,
  ) {}

  static async start(settings: Record<string, string> = {}): Promise<Landscape> {
    const [lending, billing, issuer] = await Promise.all([
      ScriptedUpstream.start(),
      ScriptedUpstream.start(),
      TokenIssuer.start(),
    ]);
    const complete = {
      HANDOFF_BASE_URL: lending.url,
      BILLING_CARE_BASE_URL: `${billing.url}/bcws/webresources/v1.0`,
      AUTH_ISSUER: issuer.url,
      AUTH_AUDIENCE: AUDIENCE,
      // Many tests make all of their calls at once.
      HANDOFF_MAX_IN_FLIGHT: '256',
      BILLING_CARE_MAX_IN_FLIGHT: '256',
      ...settings,
    };
    return new Landscape(await Gateway.start(complete), lending, billing, issuer, complete);
  }

  /** The same landscape with a new gateway process on the same data; `changes` are settings that differ. */
  async restart(changes: Record<string, string> = {}): Promise<Landscape> {
    const settings = { ...this.settings, DATA_DIR: this.gateway.dataDir, ...changes };
    return new Landscape(await Gateway.start(settings), this.lending, this.billing, this.issuer, settings);
  }

  /** Calls the gateway as the clerk; an object body is sent as JSON, a string as it is. */
  async call(path: string, { body, headers = {}, method = 'PUT', token }: Call = {}): Promise<Response> {
    const bearer = token === undefined ? await this.issuer.token() : token;
    return await fetch(this.gateway.url + path, {
      method,
      headers: {
        ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  }

  async end(): Promise<void> {
    await this.gateway.discard();
    await Promise.all([this.lending.close(), this.billing.close(), this.issuer.close()]);
  }
}
