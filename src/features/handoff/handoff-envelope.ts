import type { UpstreamMessage } from '../../platform/http/problem.js';
import type { Answer } from '../../platform/upstream/upstream-client.js';
import { isObject, messageText } from '../../platform/upstream/reply-json.js';
import type { Reading } from '../../platform/writes/outcome-table.js';
import type { ResponseDtoWrapper } from './dto/response-dto-wrapper.dto.js';

const MESSAGE_MEMBERS = [
  'status',
  'codes',
  'httpStatusCode',
  'keyId',
  'overrideAuthLevelsReqd',
  'requestId',
] as const;
const MOST_MESSAGES = 20;

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads the envelope of a lending reply tolerantly: names in any case, codes in either documented or real
 * place. It is conclusive only if its `status` is one of the known three. A failure with one of the
 * `notFoundCodes`, or inside HTTP 404, says that there is no such record.
 */
export function readHandoffEnvelope(
  { json, status: httpStatus }: Answer,
  notFoundCodes: readonly string[],
): Reading<ResponseDtoWrapper> {
  const envelope = lowerCased(json);
  const messages = lowerCased(envelope?.['messages']);
  if (envelope === undefined || messages === undefined) return { kind: 'inconclusive', messages: [] };

  const codes = codesOf(messages);
  // The verdict goes by all of them, wherever the one stands that refuses.
  const shown = codes.slice(0, MOST_MESSAGES);
  const told = { messages: shown, requestId: messageText(messages['requestid']) };
  const status = typeof messages['status'] === 'string' ? messages['status'].toUpperCase() : undefined;
  const types = codes.map(({ severity }) => severity?.toUpperCase());
  const override = types.includes('O') || needsOverride(messages['overrideauthlevelsreqd']);
  if (types.includes('E') || (status === 'FAILURE' && !override)) {
    const absent = httpStatus === 404 || codes.some(({ code }) => notFoundCodes.includes(code ?? ''));
    return { kind: absent ? 'absent' : 'failure', ...told };
  }
  if (override) return { kind: 'override', ...told };
  if (status !== 'SUCCESS' && status !== 'WARNING') return { kind: 'inconclusive', messages: shown };
  return { kind: 'success', reply: wrapper(envelope, messages) };
}

/** The documented members, under their documented names, with the values as they came. */
function wrapper(envelope: Members, messages: Members): ResponseDtoWrapper {
  const told = MESSAGE_MEMBERS.filter((name) => name.toLowerCase() in messages);
  return {
    ...('data' in envelope && { data: envelope['data'] }),
    messages: Object.fromEntries(told.map((name) => [name, messages[name.toLowerCase()]])),
  };
}

/** Real replies list the codes under `codes`; the reference says that `httpStatusCode` holds them. */
function codesOf(messages: Members): UpstreamMessage[] {
  return [messages['codes'], messages['httpstatuscode']]
    .filter((value) => Array.isArray(value))
    .flat()
    .flatMap((item) => {
      const code = lowerCased(item);
      if (code === undefined) return [];
      return [
        {
          code: messageText(code['code']),
          severity: messageText(code['type']),
          text: messageText(code['desc']),
        },
      ];
    });
}

function needsOverride(levels: unknown): boolean {
  return (
    levels !== undefined &&
    levels !== null &&
    levels !== '' &&
    !(Array.isArray(levels) && levels.length === 0)
  );
}

function lowerCased(value: unknown): Members | undefined {
  if (!isObject(value)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toLowerCase(), member]));
}
