import { randomBytes } from 'node:crypto';
import { Sealing } from './sealing.js';

describe('what is sealed', () => {
  const sealing = new Sealing(randomBytes(32));

  it('is opened by the same key for the same purpose', async () => {
    const sealed = await sealing.seal('login', { state: 'abc' }, 60);
    expect(sealed).not.toContain(Buffer.from('abc').toString('base64url'));
    expect(await sealing.open('login', sealed)).toMatchObject({ state: 'abc' });
  });

  it('can be kept for good', async () => {
    expect(await sealing.open('tokens', await sealing.seal('tokens', { access: 'x' }))).toEqual({
      access: 'x',
    });
  });

  it('is not opened for another purpose', async () => {
    expect(await sealing.open('logout', await sealing.seal('login', {}))).toBeUndefined();
  });

  it('is not opened by another key', async () => {
    const other = new Sealing(randomBytes(32));
    expect(await other.open('login', await sealing.seal('login', {}))).toBeUndefined();
  });

  it('is not opened once it is over', async () => {
    expect(await sealing.open('login', await sealing.seal('login', {}, -1))).toBeUndefined();
  });

  it('is not opened with any part of it changed', async () => {
    const parts = (await sealing.seal('login', { state: 'abc' })).split('.');
    for (const index of [0, 2, 3, 4]) {
      const changed = parts.with(index, flipped(parts[index] ?? '')).join('.');
      expect(await sealing.open('login', changed)).toBeUndefined();
    }
  });

  it.each(['', 'x', 'a.b.c', '....', 'eyJhbGciOiJub25lIn0.e30.'])('is never %p', async (text) => {
    expect(await sealing.open('login', text)).toBeUndefined();
  });
});

function flipped(part: string): string {
  return (part.startsWith('A') ? 'B' : 'A') + part.slice(1);
}
