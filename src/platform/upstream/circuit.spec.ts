import { Circuit, type Admission, type CallResult, type Entered } from './circuit.js';

/** A circuit on a clock that stands still until it is told to go on. */
class Tested {
  private time = 1_000_000;
  readonly circuit = new Circuit(() => this.time);

  pass(ms: number): this {
    this.time += ms;
    return this;
  }

  /** So many calls that end so; throws if one is refused. */
  calls(count: number, result: CallResult): this {
    for (let made = 0; made < count; made++) this.circuit.settle(admitted(this.circuit.enter()), result);
    return this;
  }
}

function admitted(entered: Entered): Admission {
  if (typeof entered === 'number') throw new Error(`refused for ${entered} s`);
  return entered;
}

/** A circuit that lets nobody in, not even on trial. */
const isOpen = (circuit: Circuit): boolean => typeof circuit.enter() === 'number';

function opened(): Tested {
  return new Tested().calls(20, 'failed');
}

describe('a circuit', () => {
  it.each([
    ['20 failures', new Tested().calls(20, 'failed'), 'open'],
    ['19 failures', new Tested().calls(19, 'failed'), 'closed'],
    ['half of 20', new Tested().calls(10, 'well').calls(10, 'failed'), 'open'],
    ['less than half', new Tested().calls(11, 'well').calls(10, 'failed'), 'closed'],
    ['20 that say nothing', new Tested().calls(19, 'failed').calls(20, 'unheard'), 'closed'],
    ['failures within 9 s', new Tested().calls(19, 'failed').pass(9_000).calls(1, 'failed'), 'open'],
    ['failures 10 s apart', new Tested().calls(19, 'failed').pass(10_000).calls(1, 'failed'), 'closed'],
    // cockatiel's SamplingBreaker opens here: its windows move on by calls, not by time.
    ['failures an hour apart', new Tested().calls(19, 'failed').pass(3_600_000).calls(1, 'failed'), 'closed'],
  ])('after %s', (_what, { circuit }, state) => {
    expect(isOpen(circuit)).toBe(state === 'open');
  });

  it('says how long it stays open', () => {
    const tested = opened();
    expect(tested.circuit.enter()).toBe(5);
    expect(tested.pass(4_500).circuit.enter()).toBe(1);
  });

  it('then lets one call through at a time, and no more', () => {
    const { circuit } = opened().pass(5_000);
    const trial = admitted(circuit.enter());
    expect([trial.as, circuit.enter()]).toEqual(['trial', 1]);
    circuit.settle(trial, 'unheard');
    expect([admitted(circuit.enter()).as, circuit.enter()]).toEqual(['trial', 1]);
  });

  it('opens again when that one fails', () => {
    const { circuit } = opened().pass(5_000).calls(1, 'failed');
    expect(circuit.enter()).toBe(5);
  });

  it('closes when that one ends well, and has forgotten what was before', () => {
    const tested = opened().pass(5_000).calls(1, 'well').calls(19, 'failed');
    expect(isOpen(tested.circuit)).toBe(false);
    expect(isOpen(tested.calls(1, 'failed').circuit)).toBe(true);
  });

  it.each(['well', 'failed'] as const)('is not moved by a call from before that ends %s', (result) => {
    const tested = new Tested();
    const before = admitted(tested.circuit.enter());
    tested.calls(20, 'failed');
    tested.circuit.settle(before, result);
    expect(tested.circuit.enter()).toBe(5);
    tested.pass(5_000).circuit.enter();
    tested.circuit.settle(before, result);
    expect(tested.circuit.enter()).toBe(1);
  });

  it('is not opened again by calls from before, that time out once it has closed', () => {
    const tested = new Tested();
    const before = Array.from({ length: 32 }, () => admitted(tested.circuit.enter()));
    tested.calls(20, 'failed').pass(5_000).calls(1, 'well');
    for (const call of before) tested.circuit.settle(call, 'failed');
    expect(isOpen(tested.circuit)).toBe(false);
  });
});
