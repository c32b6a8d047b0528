import { machineClient } from './identity-provider/clients.js';
import { people, sharedPassword } from './identity-provider/people.js';

/** Where everything runs, as origins, and a token to try it with. */
export interface RunningSandbox {
  readonly gateway: string;
  readonly issuer: string;
  readonly lending: string;
  readonly billing: string;
  readonly token: string;
  /** The gateway serves a frontend. */
  readonly hasFrontend: boolean;
}

/** What a person needs to begin, ready to paste. */
export function banner({ gateway, issuer, lending, billing, token, hasFrontend }: RunningSandbox): string {
  return `
Surehand sandbox is running. Stop it with Ctrl-C, begin anew with --reset.

${hasFrontend ? `  Frontend     ${gateway}/\n` : ''}  Swagger UI   ${gateway}/docs
  OpenAPI      ${gateway}/openapi.json
  Lending      ${lending}   its calls: ${lending}/sandbox/calls
  Billing      ${billing}   its calls: ${billing}/sandbox/calls
  Issuer       ${issuer}

Sign in as (password: ${sharedPassword})
${people.map(({ username, mayDo }) => `  ${username.padEnd(11)}  ${mayDo}`).join('\n')}
Program: ${machineClient.id} / ${machineClient.secret} (client credentials, the clerk's scopes)

Change a deferred action:
${curl(token, `${gateway}/bcws/webresources/v1.0/deferredactions/0.0.0.1+-schedule+255194`, {
  scheduledDate: '2021-02-14',
})}

Record the result of a handoff:
${curl(token, `${gateway}/clmo-handoff-services/service/v1/externalHandoff/HO123/updatestatus`, {
  handoffRefNumber: 'HO123',
  handoffStatus: 'SUCCESS',
  handoffExtRefNo: 'EXT-9',
})}

Let billing do the next write and never answer:
curl -X PUT '${billing}/sandbox/misbehaviour' -d '{"mode":"hang","times":1,"methods":["PUT"]}'
`;
}

function curl(token: string, url: string, body: Readonly<Record<string, string>>): string {
  return `curl -X PUT '${url}' -H 'authorization: Bearer ${token}' -H 'content-type: application/json' -d '${JSON.stringify(body)}'`;
}
