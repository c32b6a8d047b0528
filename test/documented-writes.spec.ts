import {
  ACTION_PATH,
  DOCUMENTED_REPLY,
  HANDOFF_PATH,
  Landscape,
  UPDATED_HANDOFF,
  aHandoffUpdate,
} from './support/landscape.js';
import { json } from './support/scripted-upstream.js';

describe('the two documented writes', () => {
  let landscape: Landscape;
  beforeAll(async () => (landscape = await Landscape.start()));
  afterAll(() => landscape.end());

  it("reschedules a deferred action with the reference's own example", async () => {
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    const reply = await landscape.call(ACTION_PATH, { body: { scheduledDate: '2021-02-14' } });
    expect(reply.status).toBe(200);
    expect(await reply.json()).toEqual(DOCUMENTED_REPLY);
    expect(landscape.billing.onlyCall).toMatchObject({
      method: 'PUT',
      url: '/bcws/webresources/v1.0/deferredactions/0.0.0.1%2B-schedule%2B255194',
      body: '{"scheduledDate":"2021-02-14"}',
    });
  });

  it('updates the status of a handoff', async () => {
    landscape.lending.play(json(200, UPDATED_HANDOFF));
    const reply = await landscape.call(HANDOFF_PATH, { body: aHandoffUpdate() });
    expect(reply.status).toBe(200);
    expect(await reply.json()).toEqual(UPDATED_HANDOFF);
    expect(landscape.lending.onlyCall).toMatchObject({
      method: 'PUT',
      url: HANDOFF_PATH,
      body: '{"handoffRefNumber":"HO123","handoffStatus":"SUCCESS","handoffExtRefNo":"EXT-9"}',
    });
  });
});
