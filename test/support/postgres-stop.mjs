export default async function stop() {
  await globalThis.sharedPostgres.discard();
}
