import type { Json } from '../json.js';
import { readBody } from '../upstream/media.js';
import type { Reply, Route, UpstreamCall } from '../upstream/route.js';
import { handoffFields, statusFields, textMembers, type HandoffRecord } from './handoff.js';
import type { HandoffRegister } from './handoff-register.js';
import { failure, overrideNeeded, success } from './response-envelope.js';

const basePath = '/clmo-handoff-services/service/v1/externalHandoff';

/** The four operations of the external handoff service. */
export function handoffOperations(register: HandoffRegister): readonly Route[] {
  return [
    {
      method: 'PUT',
      path: new RegExp(`^${basePath}/([^/]+)/updatestatus$`),
      answer: (call, reference) => updateStatus(register, reference, call),
    },
    {
      method: 'GET',
      path: new RegExp(`^${basePath}/([^/]+)/handoffstatus$`),
      answer: (_call, reference) =>
        ofKnown(register, reference, ({ handoff, statuses }) =>
          statuses.map((status) => ({ handoffRefNumber: handoff.handoffRefNumber, ...status })),
        ),
    },
    {
      method: 'GET',
      path: new RegExp(`^${basePath}/([^/]+)$`),
      answer: (_call, reference) => ofKnown(register, reference, details),
    },
    {
      method: 'POST',
      path: new RegExp(`^${basePath}/?$`),
      answer: (call) => addHandoff(register, call),
    },
  ];
}

function updateStatus(register: HandoffRegister, reference: string, call: UpstreamCall): Reply {
  const sent = textMembers(readBody(call), ['handoffRefNumber', ...statusFields]);
  // The reference documents 405, of all things, for an invalid input.
  if (sent?.handoffRefNumber === undefined) {
    return failure('SBX-COM-405', 'handoffRefNumber is required and every member is text', 405);
  }
  const { handoffRefNumber, ...status } = sent;
  if (handoffRefNumber !== reference) {
    return failure('SBX-COM-405', 'handoffRefNumber differs from the path', 405);
  }
  const record = register.find(reference);
  if (record === undefined) {
    return unknownHandoff();
  }
  if (record.needsOverride) {
    return overrideNeeded();
  }
  const updated = register.updateStatus(record, status, String(call.headers['userid'] ?? 'UNKNOWN'));
  return success(200, reference, 'SBX-MOD-001', 'Record Successfully Modified', details(updated));
}

function addHandoff(register: HandoffRegister, call: UpstreamCall): Reply {
  const { applicationNumber, handoffRefNumber, ...rest } = textMembers(readBody(call), handoffFields) ?? {};
  if (!applicationNumber || !handoffRefNumber) {
    return failure(
      'SBX-COM-405',
      'applicationNumber and handoffRefNumber are required; every member is text',
      405,
    );
  }
  if (register.find(handoffRefNumber) !== undefined) {
    return failure('SBX-COM-002', 'Record already exists');
  }
  const added = register.add({ handoffStatus: 'Pending', ...rest, applicationNumber, handoffRefNumber });
  const reply = success(201, handoffRefNumber, 'SBX-CRT-001', 'Record Successfully Created', details(added));
  const location = `${basePath}/${encodeURIComponent(handoffRefNumber)}`;
  return { ...reply, headers: { ...reply.headers, location } };
}

function ofKnown(register: HandoffRegister, reference: string, show: (record: HandoffRecord) => Json): Reply {
  const record = register.find(reference);
  return record === undefined
    ? unknownHandoff()
    : success(200, reference, 'SBX-INQ-001', 'Record Successfully Retrieved', show(record));
}

function details({ handoff }: HandoffRecord): Json {
  // The discriminator is spelled like this in the documented schema.
  return { resouce_type: 'ExternalHandoffDetails', ...handoff };
}

function unknownHandoff(): Reply {
  return failure('SBX-COM-001', 'Record does not exist');
}
