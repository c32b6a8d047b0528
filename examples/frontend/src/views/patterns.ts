/** The addresses of the views. */
export const START = '#/';
export const ACTIONS = '#/accounts/:account';
export const RESCHEDULE = '#/accounts/:account/actions/:action';
export const HANDOFFS = '#/handoffs';
export const HANDOFF = '#/handoffs/:reference';
export const WRITES = '#/writes';
export const WRITE = '#/writes/:operationId';
