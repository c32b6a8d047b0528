import type { Group } from './contestant.js';
import { PEERS } from './peers.js';
import { surehand } from './surehand.js';
import { session, XML_CHANGE } from './write.js';

/** Surehand beside what people would use instead, in the order of the table. */
export const CONTESTANTS: Group = {
  title: 'peers',
  contestants: [
    ...Object.values(PEERS),
    surehand('Surehand, SQLite', { store: 'SQLite' }),
    surehand('Surehand, SQLite, session', { store: 'SQLite', authentication: session }),
    surehand('Surehand, SQLite, XML', { store: 'SQLite', change: XML_CHANGE }),
    surehand('Surehand, PostgreSQL', { store: 'PostgreSQL' }),
    surehand('Surehand, PostgreSQL, session', { store: 'PostgreSQL', authentication: session }),
  ],
};
