import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

interface Kept {
  readonly payload: AdapterPayload;
  readonly expiresAt: number;
}

/** Where one provider keeps sessions, codes and grants: in this process, until they expire. */
export function inMemoryAdapter(): AdapterFactory {
  const models = new Map<string, Map<string, Kept>>();
  return (model) => {
    const kept = models.get(model) ?? new Map<string, Kept>();
    models.set(model, kept);
    return adapterOver(kept);
  };
}

function adapterOver(kept: Map<string, Kept>): Adapter {
  const live = (id: string): AdapterPayload | undefined => {
    const found = kept.get(id);
    return found !== undefined && found.expiresAt > Date.now() ? found.payload : undefined;
  };
  const liveWith = (member: 'uid' | 'userCode', value: string): AdapterPayload | undefined => {
    const [id] = [...kept].find(([, { payload }]) => payload[member] === value) ?? [];
    return id === undefined ? undefined : live(id);
  };
  return {
    upsert: (id, payload, expiresIn = Infinity) => {
      forgetExpired(kept);
      kept.set(id, { payload, expiresAt: Date.now() + expiresIn * 1000 });
      return Promise.resolve();
    },
    find: (id) => Promise.resolve(live(id)),
    findByUid: (uid) => Promise.resolve(liveWith('uid', uid)),
    findByUserCode: (userCode) => Promise.resolve(liveWith('userCode', userCode)),
    consume: (id) => {
      const payload = live(id);
      if (payload !== undefined) {
        payload.consumed = Math.floor(Date.now() / 1000);
      }
      return Promise.resolve();
    },
    destroy: (id) => {
      kept.delete(id);
      return Promise.resolve();
    },
    revokeByGrantId: (grantId) => {
      for (const [id, { payload }] of kept) {
        if (payload.grantId === grantId) {
          kept.delete(id);
        }
      }
      return Promise.resolve();
    },
  };
}

function forgetExpired(kept: Map<string, Kept>): void {
  for (const [id, { expiresAt }] of kept) {
    if (expiresAt <= Date.now()) {
      kept.delete(id);
    }
  }
}
