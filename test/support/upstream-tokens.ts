import { randomUUID } from 'node:crypto';
import { json, type ReceivedCall, type Script, type ScriptedUpstream } from './scripted-upstream.js';

const TOKEN_PATH = /\/(platojwtauth\/?|authentication\/queryAccessToken|oauth2\/token)$/;

export function isTokenPath(path: string): boolean {
  return TOKEN_PATH.test(path);
}

/** A gateway's credentials for token ways of both systems. */
export const TOKEN_SETTINGS = {
  HANDOFF_AUTH: 'platojwt',
  HANDOFF_USERNAME: 'surehand-user',
  HANDOFF_PASSWORD: 'password-of-lending',
  BILLING_CARE_AUTH: 'bcws',
  BILLING_CARE_CLIENT_ID: 'surehand-client',
  BILLING_CARE_CLIENT_SECRET: 'secret-of-billing',
} as const;

/** Every token that was issued here. */
export const issuedTokens: string[] = [];

/** Issues a new token each time, in the form of either system. */
export function issue(expiresIn: unknown = 3600): Script {
  return (...call) => {
    issueSame(`issued-${randomUUID()}`, expiresIn)(...call);
  };
}

/** Issues this token, again and again. */
export function issueSame(token: string, expiresIn: unknown = 3600): Script {
  return (...call) => {
    issuedTokens.push(token);
    json(200, { token, access_token: token, token_type: 'Bearer', expires_in: expiresIn })(...call);
  };
}

/** An upstream that answers token calls by one script and everything else by another. */
export function withTokens(token: Script, otherwise: Script): Script {
  return (call, ...rest) => {
    (isTokenPath(call.url) ? token : otherwise)(call, ...rest);
  };
}

/** Answers 401 to every token that was issued up to now, and else by the script. */
export function afterWithdrawal(script: Script): Script {
  const withdrawn = new Set(issuedTokens);
  return (call, ...rest) => {
    (withdrawn.has(bearerOf(call)) ? json(401, {}) : script)(call, ...rest);
  };
}

export function bearerOf({ headers }: ReceivedCall): string {
  return headers.authorization?.replace(/^Bearer /, '') ?? '';
}

export function tokenCalls({ calls }: ScriptedUpstream): ReceivedCall[] {
  return calls.filter(({ url }) => isTokenPath(url));
}

/** What it received beside token calls. */
export function otherCalls({ calls }: ScriptedUpstream): ReceivedCall[] {
  return calls.filter(({ url }) => !isTokenPath(url));
}
