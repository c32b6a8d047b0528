import { randomBytes } from 'node:crypto';
import { Sealing } from './sealing.js';

describe('what is sealed', () => {
  const sealing = new Sealing(randomBytes(32));

  it('is opened by the same key for the same purpose', () => {
    const sealed = sealing.seal('login', { state: 'abc' }, 60);
    expect(sealed).not.toContain(Buffer.from('abc').toString('base64url'));
    expect(sealing.open('login', sealed)).toEqual({ state: 'abc' });
  });

  it('can be kept for good', () => {
    expect(sealing.open('tokens', sealing.seal('tokens', { access: 'x' }))).toEqual({
      access: 'x',
    });
  });

  it('is not opened for another purpose', () => {
    expect(sealing.open('logout', sealing.seal('login', {}))).toBeUndefined();
  });

  it('is not opened by another key', () => {
    const other = new Sealing(randomBytes(32));
    expect(other.open('login', sealing.seal('login', {}))).toBeUndefined();
  });

  it('is not opened once it is over', () => {
    expect(sealing.open('login', sealing.seal('login', {}, -1))).toBeUndefined();
  });

  it('is not opened with any byte of it changed', () => {
    const bytes = Buffer.from(sealing.seal('login', { state: 'abc' }), 'base64url');
    for (const index of bytes.keys()) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(bytes.readUInt8(index) ^ 1, index);
      expect(sealing.open('login', changed.toString('base64url'))).toBeUndefined();
    }
  });

  it.each(['', 'x', 'a.b.c', 'A'.repeat(37), 'A'.repeat(38), 'A'.repeat(500), 'eyJhbGciOiJub25lIn0.e30.'])(
    'is never %p',
    (text) => {
      expect(sealing.open('login', text)).toBeUndefined();
    },
  );
});
