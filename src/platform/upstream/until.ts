/** Waits for a promise, but not past a moment (ms since the epoch, by the wall clock): undefined then. */
export async function until<T>(moment: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, moment - Date.now(), undefined);
  });
  try {
    return await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
  }
}
