import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { canonical as verifiersCanonical } from '../src/audit-verify/canonical.js';
import { ChainCheck } from '../src/audit-verify/chain-check.js';
import { SigningKeys } from '../src/audit-verify/checkpoint.js';
import type { Row } from '../src/audit-verify/trail.js';
import type { AuditEntry } from '../src/platform/audit/audit-record.js';
import { EMPTY_CHAIN, canonical, chained } from '../src/platform/audit/chain.js';

interface Vector {
  readonly entry: AuditEntry;
  readonly canonical: string;
  readonly hash: string;
}

/** Canonical texts written by hand; their hashes are what `printf %s "$text" | sha256sum` printed. */
const VECTORS = JSON.parse(
  readFileSync(join(import.meta.dirname, 'vectors/audit-chain.json'), 'utf8'),
) as Vector[];

function rowOf({ canonical: record, hash }: Vector): Row {
  const { seq, id, kind, at, requestId, ...rest } = JSON.parse(record) as Record<string, unknown>;
  const subject = (rest['principal'] as { subject: string } | null)?.subject ?? null;
  const operation_id = rest['operationId'] ?? null;
  return { seq, id, kind, at, request_id: requestId, operation_id, subject, record, hash };
}

describe('the chain of the committed vectors', () => {
  it('is what the gateway writes', () => {
    let head = EMPTY_CHAIN;
    for (const vector of VECTORS) {
      const { record, text } = chained(vector.entry, head);
      expect(text).toBe(vector.canonical);
      expect(record.hash).toBe(vector.hash);
      head = record;
    }
  });

  it('is what the verifier accepts', () => {
    const check = new ChainCheck({ keys: SigningKeys.read([]), exported: [], repeatedId: null });
    for (const vector of VECTORS) check.next(rowOf(vector));
    expect(check.seq).toBe(VECTORS.length);
    expect(check.hash).toBe(VECTORS.at(-1)?.hash);
  });
});

describe('the canonical form, of the gateway and of the verifier', () => {
  it.each([
    // RFC 8785 section 3.2.3
    [
      String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`,
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    ],
    // RFC 8785 appendix B
    [
      '[-0,5e-324,-1.7976931348623157e308,9007199254740992]',
      '[0,5e-324,-1.7976931348623157e+308,9007199254740992]',
    ],
    [
      '[999999999999999900000,1e21,9.999999999999997e-7,0.000001]',
      '[999999999999999900000,1e+21,9.999999999999997e-7,0.000001]',
    ],
    ['[333333333.33333329,1424953923781206.25]', '[333333333.3333333,1424953923781206.2]'],
    ['{"10":1,"9":2,"__proto__":3,"":4}', '{"":4,"10":1,"9":2,"__proto__":3}'],
    [String.raw`"\u2028\u007f\u001f\/\b\f\t"`, '"\u2028\u007f\\u001f/\\b\\f\\t"'],
  ])('of %s', (json, expected) => {
    const value: unknown = JSON.parse(json);
    expect(verifiersCanonical(value)).toBe(expected);
    expect(canonical(value)).toBe(expected);
  });

  it('is the same for any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        expect(verifiersCanonical(value)).toBe(canonical(value));
      }),
      { numRuns: 100 },
    );
  });

  it('does not exist for a lone surrogate', () => {
    expect(() => verifiersCanonical({ remarks: '\ud800' })).toThrow(TypeError);
    expect(() => canonical({ remarks: '\ud800' })).toThrow();
  });
});
