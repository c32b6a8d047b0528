import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { isObject, isSignedCheckpoint, type SignedCheckpoint } from './checkpoint.js';
import { Unverifiable } from './finding.js';

/** A checkpoint as it left the gateway, and the line of the file where it was kept. */
export interface ExportedCheckpoint extends SignedCheckpoint {
  readonly line: number;
}

/** Reads the checkpoints of a log file, in the order of the chain. Other lines are passed over. */
export async function readExportedCheckpoints(path: string): Promise<ExportedCheckpoint[]> {
  const exported: ExportedCheckpoint[] = [];
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    line++;
    const entry = parsed(text);
    if (!isObject(entry) || entry['message'] !== 'Audit checkpoint') continue;
    if (!isSignedCheckpoint(entry)) throw new Unverifiable(`line ${line} of ${path} is no whole checkpoint`);
    const { checkpoint, signature, keyId } = entry;
    exported.push({ checkpoint, signature, keyId, line });
  }
  // Nothing to compare with is no proof of anything.
  if (exported.length === 0) throw new Unverifiable(`${path} holds no checkpoint`);
  return exported.sort((a, b) => a.checkpoint.seq - b.checkpoint.seq);
}

/** A log also holds lines that are not ours, and a last one that is still being written. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
