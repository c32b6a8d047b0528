import { isObject } from '../json.js';
import { StateFile } from '../state-file.js';
import type { Handoff, HandoffRecord, HandoffStatus } from './handoff.js';

type Records = Readonly<Record<string, HandoffRecord>>;

/** All handoffs the lending upstream knows, by reference. */
export class HandoffRegister {
  private readonly state: StateFile<Records>;

  /** @param path where to keep them; without it they live in memory */
  constructor(path: string | undefined) {
    this.state = new StateFile(path, isRecords, seed);
  }

  find(reference: string): HandoffRecord | undefined {
    return Object.hasOwn(this.state.current, reference) ? this.state.current[reference] : undefined;
  }

  add(handoff: Handoff): HandoffRecord {
    return this.store({ handoff, statuses: [], needsOverride: false });
  }

  /** Takes over the members that were sent and notes them as one more status. */
  updateStatus(record: HandoffRecord, status: HandoffStatus, by: string): HandoffRecord {
    const resTs = new Date().toISOString();
    return this.store({
      ...record,
      handoff: { ...record.handoff, ...status, resBy: by, resTs },
      statuses: [...record.statuses, { ...status, resTs }],
    });
  }

  private store(record: HandoffRecord): HandoffRecord {
    this.state.replace({ ...this.state.current, [record.handoff.handoffRefNumber]: record });
    return record;
  }
}

function isRecords(value: unknown): value is Records {
  return (
    isObject(value) &&
    Object.values(value).every(
      (record) => isObject(record) && isObject(record['handoff']) && Array.isArray(record['statuses']),
    )
  );
}

const seed: Records = Object.fromEntries(
  [
    pending('HO123', 'APP0001', 'Facility'),
    pending('HO124', 'APP0001', 'Collateral'),
    { ...pending('HO125-OVR', 'APP0002', 'Facility'), needsOverride: true },
    failed('HO126', 'APP0003'),
  ].map((record) => [record.handoff.handoffRefNumber, record]),
);

function pending(handoffRefNumber: string, applicationNumber: string, handoffType: string): HandoffRecord {
  return {
    handoff: {
      applicationNumber,
      handoffRefNumber,
      branchCode: '000',
      handoffExtSystem: 'OBCL',
      handoffStatus: 'Pending',
      handoffType,
      processCode: 'CLORG',
      reqBy: 'MIDOFFICE',
      reqTs: '2021-02-01T09:30:00.000Z',
      resCallbackEnabled: 'Y',
      stagecode: 'HANDOFF',
      stageUpdateReqd: 'Y',
    },
    statuses: [],
    needsOverride: false,
  };
}

function failed(handoffRefNumber: string, applicationNumber: string): HandoffRecord {
  const { handoff, needsOverride } = pending(handoffRefNumber, applicationNumber, 'Facility');
  const status: HandoffStatus = {
    handoffStatus: 'FAILED',
    errorCode: 'BO-0042',
    errorDescription: 'The back office did not know the customer',
  };
  const resTs = '2021-02-01T09:31:00.000Z';
  return { handoff: { ...handoff, ...status, resTs }, statuses: [{ ...status, resTs }], needsOverride };
}
