import { setTimeout as sleep } from 'node:timers/promises';

/** Every series by its name and labels, as a scrape writes them. */
export type Series = ReadonlyMap<string, number>;

/** The metrics of a gateway, as Prometheus sees them. */
export class Scrapes {
  constructor(readonly port: number) {}

  async text(): Promise<string> {
    const reply = await fetch(`http://127.0.0.1:${this.port}/metrics`);
    if (reply.status !== 200) throw new Error(`the scrape was answered ${reply.status}`);
    return await reply.text();
  }

  async series(): Promise<Series> {
    const lines = (await this.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return new Map(
      lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
    );
  }

  /** One figure, once it is as wanted; what it is after so many ms otherwise. */
  async until(
    series: string,
    wanted: (value: number) => boolean,
    withinMs = 8_000,
  ): Promise<number | undefined> {
    const end = Date.now() + withinMs;
    for (;;) {
      const value = (await this.series()).get(series);
      if ((value !== undefined && wanted(value)) || Date.now() > end) return value;
      await sleep(50);
    }
  }

  /** By how much each count that begins with one of these names has grown by what was done, once any has. */
  async grown(names: readonly string[], act: () => Promise<unknown>): Promise<Record<string, number>> {
    const before = await this.series();
    await act();
    const end = Date.now() + 5_000;
    let grown: Record<string, number> = {};
    // An end is counted when the connection hears of it, which may be after its client.
    while (Object.keys(grown).length < names.length && Date.now() < end) {
      await sleep(30);
      grown = Object.fromEntries(
        [...(await this.series())]
          .filter(([series]) => names.some((name) => series.startsWith(`${name}{`)))
          .map(([series, value]): [string, number] => [series, value - (before.get(series) ?? 0)])
          .filter(([, growth]) => growth !== 0),
      );
    }
    return grown;
  }
}
