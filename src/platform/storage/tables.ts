/** One record of the audit trail. `record` is its canonical JSON without `hash`; the rest is there to be searched. */
export interface AuditRecordsTable {
  seq: number;
  id: string;
  kind: string;
  at: string;
  operation_id: string | null;
  request_id: string;
  record: string;
  hash: string;
}

export interface Tables {
  audit_records: AuditRecordsTable;
}
