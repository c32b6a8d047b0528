import fc from 'fast-check';
import { billingId, pathSegment } from '../src/features/deferred-actions/billing-id.js';
import { HandoffRefPipe } from '../src/features/handoff/handoff-ref.js';
import { HANDOFF_PATH as HANDOFFS } from '../src/features/handoff/lending-system.js';
import type { Config } from '../src/platform/config/config.js';
import { Problem } from '../src/platform/http/problem.js';
import { auditRecords } from './support/audit-records.js';
import { DOCUMENTED_REPLY, Landscape, UPDATED_HANDOFF, handoffPath } from './support/landscape.js';
import { exchange, readReply, requestBytes } from './support/raw-exchange.js';
import { json } from './support/scripted-upstream.js';

/** `npm run test:fuzz` makes more of them. */
const FUZZ = process.env['SUREHAND_FUZZ'] !== undefined;
const RUNS = FUZZ ? 100_000 : 20_000;
/** Through the gateway, of each kind. */
const SENT = FUZZ ? 500 : 200;
/** Always the same, unless another one is asked for. */
const SEED = Number(process.env['PATH_IDS_SEED'] ?? 1);

/* What an id may be, as it is documented, in words of its own: no regular expression of the gateway's. */

const DIGITS = '0123456789';
const WORD = `${DIGITS}ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_`;

const oneOf = (characters: string): fc.Arbitrary<string> => fc.constantFrom(...characters.split(''));

const isMadeOf = (text: string | undefined, characters: string): boolean =>
  text !== undefined && text !== '' && text.split('').every((character) => characters.includes(character));

const isHandoffReference = (id: string): boolean => id.length <= 64 && isMadeOf(id, `${WORD}-`);

/** For an operator's pattern that lets everything through. */
const isOneSegment = (id: string): boolean => isMadeOf(id, `${WORD}-.!~*'()`) && !isMadeOf(id, '.');

function isBillingId(id: string): boolean {
  const [version = '', kind = '', number = '', revision = '0', ...more] = id.split('+');
  const digits = number.startsWith('-') ? number.slice(1) : number;
  return (
    id.length <= 128 &&
    id.split('+').length >= 3 &&
    more.length === 0 &&
    version.split('.').length === 4 &&
    version.split('.').every((part) => isMadeOf(part, DIGITS)) &&
    (kind === '' ||
      (kind.startsWith('-') &&
        kind
          .slice(1)
          .split('-')
          .every((part) => isMadeOf(part, WORD)))) &&
    digits.length <= 19 &&
    isMadeOf(digits, DIGITS) &&
    isMadeOf(revision, DIGITS)
  );
}

/* Ids that are right, ids that are nearly right, and ids that nobody would send in good faith. */

const piece = fc.constantFrom(
  ...[
    '.',
    '..',
    '...',
    '/',
    '//',
    '/../',
    '\\',
    '..\\',
    '%2e',
    '%2E%2e',
    '%2F',
    '%5c',
    '%00',
    '%zz',
    '%',
    '%c0%af',
  ],
  ...[
    '+',
    '++',
    '%2B',
    '%2b',
    '%252B',
    ' ',
    '%20',
    '\t',
    '\n',
    '\r\n',
    '%0d%0a',
    '\0',
    '\u007f',
    '\u0085',
    '\u001b[2J',
  ],
  ...[
    '@',
    ':',
    '//evil.example',
    ';',
    ';y=1',
    '?',
    '?a=1',
    '#',
    '#x',
    '&',
    '=',
    ',',
    '"',
    "'",
    '<',
    '|',
    '^',
    '`',
    '{}',
    '[',
    '$',
  ],
  ...[
    'ä',
    'e\u0301',
    '١',
    '１',
    '．',
    '／',
    '\u202e',
    '\u2028',
    '\u00a0',
    '\ufeff',
    '\ud800',
    '\udc00',
    '😀',
    'ſ',
    'K',
  ],
  ...[
    '0',
    '0.0.0.1',
    '-schedule',
    '255194',
    '-1',
    '-',
    '_',
    '~',
    '!',
    '(',
    '*',
    'HO123',
    '9'.repeat(19),
    'x'.repeat(64),
    '1'.repeat(129),
  ],
);
const digits = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: oneOf(DIGITS), minLength: 1, maxLength });
const word = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: oneOf(WORD), minLength: 1, maxLength });

const aReference = fc.string({ unit: oneOf(`${WORD}-`), minLength: 1, maxLength: 64 });
const aSegment = fc.string({ unit: oneOf(`${WORD}-.!~*'()...`), minLength: 1, maxLength: 40 });
const aBillingId = fc
  .tuple(
    fc.array(digits(4), { minLength: 4, maxLength: 4 }),
    fc.array(word(12), { maxLength: 3 }),
    fc.boolean(),
    digits(19),
    fc.option(digits(3)),
  )
  .map(([version, kind, negative, number, revision]) =>
    [
      version.join('.'),
      kind.map((part) => `-${part}`).join(''),
      `${negative ? '-' : ''}${number}`,
      ...(revision === null ? [] : [revision]),
    ].join('+'),
  );

/** A right id with something put into it, or in the place of something of it. */
const mutated = (right: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(right, piece, fc.nat(), fc.nat({ max: 2 })).map(([id, inserted, where, dropped]) => {
    const at = where % (id.length + 1);
    return id.slice(0, at) + inserted + id.slice(at + dropped);
  });
const noise = fc.oneof(
  fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const hostile = (right: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: right },
    { weight: 4, arbitrary: mutated(right) },
    { weight: 3, arbitrary: noise },
  );

/** The pipe as it is when an operator has set this pattern. */
function references(refPattern: RegExp): (id: string) => string {
  const pipe = new HandoffRefPipe({ handoff: { refPattern } } as Config);
  return (id) => pipe.transform(id);
}

const updateStatus = (segment: string): string => `${HANDOFFS}/${segment}/updatestatus`;
const modify = (segment: string): string => `/deferredactions/${segment}`;

interface Builder {
  readonly what: string;
  readonly right: fc.Arbitrary<string>;
  readonly isAllowed: (id: string) => boolean;
  readonly check: (id: string) => string;
  readonly path: (id: string) => string;
  /** Which segment of the path the id is, counted from the slash that it begins with. */
  readonly segment: number;
  readonly segments: number;
}

const HANDOFF = { path: updateStatus, segment: 5, segments: 7 };
const ACTION = { right: aBillingId, isAllowed: isBillingId, check: billingId, segment: 2, segments: 3 };
const BUILDERS: Builder[] = [
  {
    what: 'a handoff reference',
    right: aReference,
    isAllowed: isHandoffReference,
    check: references(/^[A-Za-z0-9_-]{1,64}$/),
    ...HANDOFF,
  },
  {
    what: 'a handoff reference whose pattern lets everything through',
    right: aSegment,
    isAllowed: isOneSegment,
    check: references(/^.*$/s),
    ...HANDOFF,
  },
  { what: 'the id of an action', path: (id) => modify(pathSegment(id, 'encoded')), ...ACTION },
  {
    what: 'the id of an action with its plus as it is',
    path: (id) => modify(pathSegment(id, 'raw')),
    ...ACTION,
  },
];

/** Its bytes, a character each: that is how a request line is written. */
const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

function decoded(written: string): string | undefined {
  try {
    return decodeURIComponent(written);
  } catch {
    return undefined;
  }
}

function accepts({ check }: Builder, id: string): boolean {
  try {
    return check(id) === id;
  } catch (error) {
    if (error instanceof Problem && error.code === 'invalid-id') return false;
    throw error;
  }
}

/** What another reader of the path would find wrong with it, nothing if all read the same. */
function faultOf({ path: pathTo, segment, segments }: Builder, id: string): string | undefined {
  const path = pathTo(id);
  const parts = path.split('/');
  if (parts.length !== segments) return `${parts.length} segments`;
  if (decodeURIComponent(parts[segment] ?? '') !== id) return `its segment is ${parts[segment] ?? 'missing'}`;
  const url = new URL(path, 'http://upstream.test');
  if (url.href !== `http://upstream.test${path}`) return `a URL parser makes it ${url.href}`;
  return undefined;
}

describe.each(BUILDERS)(`of ${RUNS} ids, seed ${SEED}: $what`, ({ what, ...builder }) => {
  it('is accepted if and only if it is documented, and is then one segment that everybody reads alike [B11]', () => {
    let accepted = 0;
    fc.assert(
      fc.property(hostile(builder.right), (id) => {
        const allowed = builder.isAllowed(id);
        if (accepts({ what, ...builder }, id) !== allowed) throw new Error(allowed ? 'refused' : 'accepted');
        if (!allowed) return;
        accepted++;
        const fault = faultOf({ what, ...builder }, id);
        if (fault !== undefined) throw new Error(fault);
      }),
      { numRuns: RUNS, seed: SEED },
    );
    process.stdout.write(`${what}: ${accepted} of ${RUNS} accepted, seed ${SEED}\n`);
    expect(accepted).toBeGreaterThan(RUNS / 10);
  });
});

describe(`of ${SENT} ids sent to the gateway, seed ${SEED}`, () => {
  let landscape: Landscape;
  let authorization: string;
  beforeAll(async () => {
    landscape = await Landscape.start();
    authorization = `Bearer ${await landscape.issuer.token()}`;
  });
  afterAll(() => landscape.end());

  /** What a client writes, and the id that it means by it; undefined if that is no id at all. */
  const sample = (right: fc.Arbitrary<string>): [written: string, id: string | undefined][] =>
    fc.sample(
      fc
        .tuple(hostile(right), fc.boolean())
        .map(([text, encoded]): [string, string | undefined] =>
          encoded
            ? [encodeURIComponent(text.toWellFormed()), text.toWellFormed()]
            : [utf8(text), decoded(text)],
        ),
      { numRuns: SENT, seed: SEED },
    );

  it.each([
    {
      what: 'handoff references',
      system: 'lending',
      reply: UPDATED_HANDOFF,
      ids: sample(aReference),
      isAllowed: isHandoffReference,
      path: handoffPath,
      body: (id: string) => JSON.stringify({ handoffRefNumber: id }),
      upstream: (id: string) => `/clmo-handoff-services/service/v1/externalHandoff/${id}/updatestatus`,
    },
    {
      what: 'ids of actions',
      system: 'billing',
      reply: DOCUMENTED_REPLY,
      ids: sample(aBillingId),
      isAllowed: isBillingId,
      path: (id: string) => `/bcws/webresources/v1.0/deferredactions/${id}`,
      body: () => '{"description":"x"}',
      upstream: (id: string) => `/bcws/webresources/v1.0/deferredactions/${id.replaceAll('+', '%2B')}`,
    },
  ] as const)('an upstream and the trail are told just the $what that are allowed [B11]', async (kind) => {
    const upstream = landscape[kind.system];
    upstream.play(json(200, kind.reply));
    const told: string[] = [];
    for (const [written, id] of kind.ids) {
      const bytes = requestBytes({
        path: kind.path(written),
        headers: { authorization, 'content-type': 'application/json' },
        body: kind.body(id ?? 'HO123'),
      });
      const { status } = readReply(await exchange(landscape.gateway.url, bytes));
      const allowed = id !== undefined && kind.isAllowed(id);
      if (allowed) told.push(id);
      const sent = { written, status };
      // 405: what follows a question mark is no part of the path, and what is before it may be another route.
      const statuses = allowed ? [200] : [400, 404, 405, 414];
      expect({ ...sent, statuses }).toEqual({
        ...sent,
        statuses: expect.arrayContaining([status]) as number[],
      });
      expect({ ...sent, told: upstream.calls.map(({ url }) => url) }).toEqual({
        ...sent,
        told: told.map(kind.upstream),
      });
    }
    process.stdout.write(`${kind.what}: ${told.length} of ${SENT} made a call, seed ${SEED}\n`);
    expect(told.length).toBeGreaterThan(SENT / 10);
    const operation = kind.system === 'lending' ? 'handoff.update-status' : 'deferred-action.modify';
    const intents = auditRecords(landscape.gateway.dataDir).filter(
      (record) => record.kind === 'intent' && record['operation'] === operation,
    );
    expect(intents.map((record) => record['resource'])).toEqual(told);
  });
});
