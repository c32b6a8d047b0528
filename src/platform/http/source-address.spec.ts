import { PassThrough } from 'node:stream';
import { canonical, networkOf, peerOf } from './source-address.js';

describe('an address', () => {
  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['::FFFF:c633:6407', '198.51.100.7'],
    ['2001:DB8:0:0:1::1', '2001:db8::1:0:0:1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['0000:0000:0000:0000:0000:ffff:255.255.255.255%a', '255.255.255.255'],
    ['::1', '::1'],
  ])('%s is written as %s', (given, written) => {
    expect(canonical(given)).toBe(written);
  });

  it.each(['', 'unknown', '_hidden', '198.51.100', '198.51.100.256', '1.2.3.4,5.6.7.8', '2001:db8:::1'])(
    '%p is none',
    (given) => {
      expect(canonical(given)).toBeUndefined();
    },
  );

  it('of what is no network connection is not known', () => {
    expect(peerOf(new PassThrough())).toBeNull();
  });
});

describe('the network of an address', () => {
  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
    ['2001:db8::1:0:0:1', '2001:db8:0:0::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::2:3:4:5:6:7', '0:0:2:3::/64'],
    ['', ''],
  ])('%s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
